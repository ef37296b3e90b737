const patientService = require('../services/patientService');
const { NotFoundError } = require('../errors/ApplicationError');

async function list(req, res) {
  const { page, pageSize, name } = req.query;
  const patients = await patientService.list({ page, pageSize, name });
  res.json({ page, pageSize, patients });
}

async function create(req, res) {
  const id = await patientService.create(req.body);
  req.log.info('patient registered', { patientId: id });
  res.status(201).json({ id });
}

async function show(req, res) {
  const patient = await patientService.find(req.params.id);
  if (!patient) throw new NotFoundError('Patient');
  res.json(patient);
}

async function update(req, res) {
  const changed = await patientService.update(req.params.id, req.body);
  if (!changed) throw new NotFoundError('Patient');
  req.log.info('patient updated', { patientId: req.params.id, fields: Object.keys(req.body) });
  res.status(204).end();
}

async function remove(req, res) {
  await patientService.remove(req.params.id);
  req.log.info('patient removed', { patientId: req.params.id, by: req.user.id });
  res.status(204).end();
}

async function listNotes(req, res) {
  res.json(await patientService.listNotes(req.params.id));
}

async function addNote(req, res) {
  const id = await patientService.addNote(req.params.id, { text: req.body.text, author: req.user.id });
  res.status(201).json({ id });
}

module.exports = { list, create, show, update, remove, listNotes, addNote };
