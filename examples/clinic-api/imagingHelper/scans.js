const fs = require('fs/promises');
const path = require('path');
const { randomUUID } = require('crypto');

const FOLDER = process.env.SCAN_FOLDER || path.join(__dirname, '..', 'uploads');

exports.storeScan = async (file, { patientId, bodyPart }) => {
  const id = randomUUID();
  await fs.mkdir(FOLDER, { recursive: true });
  await fs.writeFile(path.join(FOLDER, id), file.buffer);
  return { id, patientId, bodyPart, type: file.mimetype };
};

exports.readScan = async (id) => {
  try {
    return { type: 'image/png', content: await fs.readFile(path.join(FOLDER, id)) };
  } catch (err) {
    return null;
  }
};
