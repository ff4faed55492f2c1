module.exports = {
  ...require('./.config/.prettierrc.js'),
  arrowParens: 'avoid',
};
