exports.monthlyFigures = (appointments) => {
  const byStatus = {};
  for (const { status } of appointments) {
    byStatus[status] = (byStatus[status] || 0) + 1;
  }
  const missed = byStatus.missed || 0;
  return { total: appointments.length, byStatus, missedShare: appointments.length ? missed / appointments.length : 0 };
};
