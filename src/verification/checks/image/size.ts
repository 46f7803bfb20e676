import Type from 'typebox';
import { check, NotVerified } from '../../check.js';

const GIB = 1024 ** 3;
const inGib = (bytes: number): string => `${(bytes / GIB).toFixed(2)} GiB`;

/** The image does not fill the disk. */
export const IMAGE_SIZE = check({
  id: 'image/size',
  title: 'The image is not larger than allowed',
  severity: 'low',
  mode: 'warn',
  about: 'image',
  why: 'Images share the disk with what runs. A large one also takes long to pull and holds more to attack.',
  remedy: 'Make the image smaller, such as with a build stage of its own, or raise the limit',
  parameters: Type.Object({
    maxBytes: Type.Integer({
      default: 4 * GIB,
      minimum: 1,
      description: 'Most bytes of all layers, unpacked',
    }),
  }),
  run({ image: { bytes } }, { maxBytes }) {
    if (!(bytes >= 0)) throw new NotVerified('The engine does not say how large the image is');
    if (bytes <= maxBytes) return [];
    return [{ message: `The image has ${inGib(bytes)}, more than ${inGib(maxBytes)}` }];
  },
});
