const { formatAddress } = require('../addressHelper/address');
const { ageAt } = require('../dateHelper/dates');

exports.referralLetter = ({ patient, practitioner, reason }) =>
  [
    formatAddress(practitioner.address),
    `Dear ${practitioner.name},`,
    `please see our patient ${patient.lastName}, aged ${ageAt(patient.dateOfBirth)}, because of ${reason}.`,
  ].join('\n\n');
