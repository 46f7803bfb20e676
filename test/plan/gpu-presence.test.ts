import { expect, it } from 'vitest';
import { lostGpus } from '../../src/plan/gpu-presence.js';

const GPUS = ['GPU-8932f937-d72c', 'MIG-c7384736-a75d'];
const LISTED = `GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-8932f937-d72c)
  MIG 1g.5gb      Device  0: (UUID: MIG-c7384736-a75d)
`;

it.each([
  ['all of them are there', 0, LISTED, []],
  ['one is gone', 0, LISTED.split('\n')[0] ?? '', ['MIG-c7384736-a75d']],
  ['a longer name is another one', 0, LISTED.replace('d72c', 'd72c0'), ['GPU-8932f937-d72c']],
  ['none is found', 0, 'No devices found.\n', GPUS],
  ['the control group lost its devices', 255, 'Failed to initialize NVML: Unknown Error\n', GPUS],
  [
    'the driver was renewed below it',
    18,
    'Failed to initialize NVML: Driver/library version mismatch\n',
    [],
  ],
  ['the program is not there', 127, 'executable file not found\r\n', []],
  ['the program cannot run', 126, '', []],
])('%s', (_what, exitCode, text, lost) => {
  expect(lostGpus({ exitCode, text }, GPUS)).toEqual(lost);
});
