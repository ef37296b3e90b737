const FOOTER = '\n\n--\nClinic reception, weekdays 8 to 17';

exports.withFooter = (text) => `${text}${FOOTER}`;
