module.exports = {
  port: Number(process.env.PORT || 3000),
  secret: process.env.JWT_SECRET,
  database: {
    host: process.env.DB_HOST || 'localhost',
    port: Number(process.env.DB_PORT || 3306),
    user: process.env.DB_USER || 'app',
    password: process.env.DB_PASSWORD,
    database: process.env.DB_NAME || 'records',
  },
};
