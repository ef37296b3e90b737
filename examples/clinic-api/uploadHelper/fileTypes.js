const IMAGES = ['image/png', 'image/jpeg', 'application/dicom'];

exports.acceptImages = (req, file, callback) => {
  callback(null, IMAGES.includes(file.mimetype));
};
