const FIXED = [
  ['01-01', 'New Year'],
  ['05-01', 'Labour Day'],
  ['10-03', 'Unity Day'],
  ['12-25', 'Christmas'],
  ['12-26', 'Second Christmas Day'],
];

exports.publicHolidays = (year) => FIXED.map(([day, name]) => ({ date: `${year}-${day}`, name }));
