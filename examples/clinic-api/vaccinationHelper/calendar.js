const PLAN = [
  { vaccine: 'tetanus', everyYears: 10 },
  { vaccine: 'influenza', everyYears: 1 },
];

exports.dueVaccinations = (given, today = new Date()) =>
  PLAN.filter(({ vaccine, everyYears }) => {
    const last = given.find((one) => one.vaccine === vaccine);
    if (!last) return true;
    const due = new Date(last.date);
    due.setFullYear(due.getFullYear() + everyYears);
    return due <= today;
  }).map(({ vaccine }) => vaccine);
