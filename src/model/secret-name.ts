/** What a Secret may be called, for schemas. */
export const SecretName = {
  pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$',
  maxLength: 253,
  'x-expected': 'lower-case letters, digits, "-" and ".", with a letter or digit at both ends',
};
