import { sentenceOf } from '../../manifest/finding.js';
import { checkObject, MODULE_CHECKS } from '../../manifest/check.js';
import { sentenceOfUnknown } from '../../manifest/schema-check.js';
import { formatPath } from '../../lib/field-path.js';
import { isRegistrarError } from '../../model/errors.js';
import { API_VERSION } from '../../model/names.js';
import { parseBranch } from '../../source/branch-name.js';
import { parseRepoUrl } from '../../source/repo-url.js';

/** What a person is asked for. */
export type Asked = 'name' | 'type' | 'version' | 'license' | 'repoUrl' | 'branch';

/** All of it is good but what is put in. */
const GOOD = { version: '1.0.0', type: 'miner', license: 'MIT' };

/** Why a value cannot be what a manifest has there; undefined when it can. */
export function fieldProblem(field: Asked, value: string): string | undefined {
  if (field === 'repoUrl') return thrownBy(() => parseRepoUrl(value, ANY_SCHEME));
  if (field === 'branch') return thrownBy(() => parseBranch(value));
  const [name, given] = field === 'name' ? [value, {}] : ['web', { [field]: value }];
  const spec = { ...GOOD, image: 'a', ...given };
  const [problem] = manifestProblems({
    ...{ apiVersion: API_VERSION, kind: 'Module', metadata: { name }, spec },
  });
  return problem?.replace(/^[\w.]+: /, '');
}

const ANY_SCHEME = { schemes: ['https', 'ssh', 'file'] } as const;

/** All that is wrong with a manifest, `path: sentence`. */
export function manifestProblems(manifest: object): string[] {
  const { malformed, unknown, invalid } = checkObject(manifest, MODULE_CHECKS);
  return [
    ...[...malformed, ...invalid].map((one) => `${formatPath(one.path)}: ${sentenceOf(one)}`),
    ...unknown.map((one) => `${formatPath(one.path)}: ${sentenceOfUnknown(one)}`),
  ];
}

function thrownBy(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (isRegistrarError(error)) return error.message;
    throw error;
  }
}
