exports.paginate = ({ page = 1, pageSize = 20 }) => {
  const limit = Math.min(Number(pageSize) || 20, 100);
  return { limit, offset: (Math.max(Number(page) || 1, 1) - 1) * limit };
};
