function isInPast(value) {
  return new Date(value).getTime() < Date.now();
}

function ageAt(dateOfBirth, day = new Date()) {
  const born = new Date(dateOfBirth);
  const years = day.getFullYear() - born.getFullYear();
  const hadBirthday = day.getMonth() > born.getMonth() || (day.getMonth() === born.getMonth() && day.getDate() >= born.getDate());
  return hadBirthday ? years : years - 1;
}

function addMonths(day, months) {
  const moved = new Date(day);
  moved.setMonth(moved.getMonth() + Number(months));
  return moved;
}

module.exports = { isInPast, ageAt, addMonths };
