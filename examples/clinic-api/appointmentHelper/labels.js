const LABELS = { booked: 'Booked', arrived: 'Arrived', done: 'Done', missed: 'Did not come' };

exports.statusLabel = (status) => LABELS[status] || status;
