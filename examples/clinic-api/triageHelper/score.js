/** Points of the early warning score that we use at reception. */
exports.triageScore = ({ respiration, saturation, temperature, conscious }) => {
  let points = 0;
  if (respiration > 24 || respiration < 9) points += 3;
  else if (respiration > 20) points += 2;
  if (saturation < 92) points += 3;
  else if (saturation < 94) points += 2;
  if (temperature > 39) points += 2;
  if (!conscious) points += 3;
  return points;
};
