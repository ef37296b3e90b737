const stock = require('../inventoryHelper/stock');
const prescriptions = require('../prescriptionHelper/prescriptions');

exports.dispense = async (prescriptionId, quantity) => {
  const prescription = await prescriptions.find(prescriptionId);
  if (!prescription) throw new Error('no such prescription');
  const [item] = (await stock.list()).filter((one) => one.item === prescription.drug);
  if (!item || item.quantity < quantity) throw new Error('not in stock');
  return { prescriptionId, quantity, left: item.quantity - quantity };
};
