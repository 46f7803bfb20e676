import { check, NotApplicable } from '../../check.js';

/** The image is made to run without root. */
export const IMAGE_USER = check({
  id: 'image/user',
  title: 'The image names a user that is not root',
  severity: 'medium',
  mode: 'warn',
  about: 'image',
  why: 'Registrar runs an image of root as user 65532, for whom it was not made: it may miss rights it needs.',
  remedy: 'Name a user in the image (USER), or set spec.securityContext.runAsUser',
  run({ manifest, image: { user } }) {
    if (manifest.spec.securityContext.runAsUser !== undefined) {
      throw new NotApplicable('The manifest sets the user');
    }
    const [name = ''] = user.split(':');
    const isRoot = name === '' || name === 'root' || /^[+-]?0+$/.test(name);
    return isRoot ? [{ message: 'The user of the image is root' }] : [];
  },
});
