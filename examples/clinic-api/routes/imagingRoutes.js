const express = require('express');
const multer = require('multer');
const { storeScan, readScan } = require('../imagingHelper/scans');
const { acceptImages } = require('../uploadHelper/fileTypes');
const { checkToken } = require('../authHelper/checkToken');

const upload = multer({ storage: multer.memoryStorage(), fileFilter: acceptImages });
const router = express.Router();

router.post('/scans', checkToken, upload.single('scan'), async (req, res) => {
  const scan = await storeScan(req.file, { patientId: req.body.patientId, bodyPart: req.body.bodyPart });
  res.status(201).json(scan);
});

router.get('/scans/:id', checkToken, async (req, res) => {
  const scan = await readScan(req.params.id);
  if (!scan) return res.sendStatus(404);
  res.type(scan.type).send(scan.content);
});

router.get('/scans', checkToken, (req, res) => res.json([]));

module.exports = router;
