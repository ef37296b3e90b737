const appointmentRoutes = require('./appointmentRoutes');
const billingRoutes = require('./billingRoutes');
const imagingRoutes = require('./imagingRoutes');
const insuranceRoutes = require('./insuranceRoutes');
const laboratoryRoutes = require('./laboratoryRoutes');
const notificationRoutes = require('./notificationRoutes');
const pharmacyRoutes = require('./pharmacyRoutes');
const practitionerRoutes = require('./practitionerRoutes');
const prescriptionRoutes = require('./prescriptionRoutes');
const reportRoutes = require('./reportRoutes');
const scheduleRoutes = require('./scheduleRoutes');

module.exports = [
  { path: '/practitioners', router: practitionerRoutes },
  { path: '/appointments', router: appointmentRoutes },
  { path: '/schedule', router: scheduleRoutes },
  { path: '/billing', router: billingRoutes },
  { path: '/insurance', router: insuranceRoutes },
  { path: '/prescriptions', router: prescriptionRoutes },
  { path: '/laboratory', router: laboratoryRoutes },
  { path: '/imaging', router: imagingRoutes },
  { path: '/pharmacy', router: pharmacyRoutes },
  { path: '/reports', router: reportRoutes },
  { path: '/notifications', router: notificationRoutes },
];
