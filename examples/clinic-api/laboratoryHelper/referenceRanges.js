const RANGES = {
  glucose: [70, 99],
  sodium: [135, 145],
  potassium: [3.5, 5.1],
  haemoglobin: [12, 17.5],
};

exports.flagAbnormal = (result) => {
  const range = RANGES[result.test];
  if (!range) return result;
  const value = Number(result.value);
  return { ...result, abnormal: value < range[0] || value > range[1] };
};
