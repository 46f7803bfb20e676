import Type from 'typebox';
import { check } from '../../check.js';
import { specField } from './spec-field.js';

/** A way out of the container would not be root's. */
export const RUN_AS_ROOT = check({
  id: 'manifest/run-as-root',
  title: 'The module does not run as root',
  severity: 'high',
  mode: 'enforce',
  about: 'manifest',
  why: 'User 0 of a container is user 0 of the host: in the folders it mounts, and once it gets out.',
  remedy: 'Set runAsUser to another id, or leave it out',
  run({ manifest: { spec } }) {
    if (spec.securityContext.runAsUser !== 0) return [];
    return [
      { field: specField('securityContext', 'runAsUser'), message: 'It is 0, which is root' },
    ];
  },
});

/** What runs is what was verified. */
export const READ_ONLY_ROOT = check({
  id: 'manifest/read-only-root',
  title: 'The file system of the image is read-only',
  severity: 'medium',
  mode: 'enforce',
  about: 'manifest',
  why: 'On a writable one an intruder can replace the program, and what is written fills the disk of the host.',
  remedy: 'Leave readOnlyRootFilesystem out, and list what must be writable in writablePaths',
  run({ manifest: { spec } }) {
    if (spec.securityContext.readOnlyRootFilesystem) return [];
    const field = specField('securityContext', 'readOnlyRootFilesystem');
    return [{ field, message: 'It is false' }];
  },
});

/** A part of what root can do is given with care. */
export const CAPABILITIES = check({
  id: 'manifest/capabilities',
  title: 'No capabilities are added beyond those that are allowed',
  severity: 'high',
  mode: 'enforce',
  about: 'manifest',
  why: 'Each capability is a part of what root can do. Containers have none by themselves.',
  remedy: 'Leave the capability out, or allow it in the policy',
  parameters: Type.Object({
    allowed: Type.Array(Type.String({ maxLength: 64 }), {
      default: [],
      maxItems: 64,
      description: 'Capabilities such as NET_ADMIN',
    }),
  }),
  run({ manifest: { spec } }, { allowed }) {
    return spec.securityContext.addCapabilities.flatMap((name, index) => {
      if (allowed.includes(name)) return [];
      const field = specField('securityContext', 'addCapabilities', index);
      return [{ field, message: `"${name}" is not allowed` }];
    });
  },
});
