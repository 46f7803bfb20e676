import { dockerfileCheck } from './dockerfile-check.js';
import { NotApplicable } from '../../check.js';
import { inLastImage } from './of-instructions.js';

/** Somebody looks whether the module works. */
export const HEALTH_SET = dockerfileCheck({
  id: 'dockerfile/health-set',
  title: 'The image says how its health is checked',
  severity: 'low',
  mode: 'warn',
  reference: 'DL3057',
  why: 'Without a health check a module that hangs is taken for one that works.',
  remedy: 'Add HEALTHCHECK to the last stage, or spec.healthCheck to the manifest',
  *find(dockerfile, _parameters, { manifest }) {
    if (manifest.spec.healthCheck !== undefined)
      throw new NotApplicable('The manifest has a health check');
    const last = dockerfile.stages.at(-1);
    const isSet = inLastImage(dockerfile).some(({ keyword }) => keyword === 'HEALTHCHECK');
    if (last !== undefined && !isSet)
      yield { line: last.line, message: 'The last stage has no HEALTHCHECK' };
  },
});
