import { concealing } from '../../lib/conceal.js';
import type { BuildLimits } from '../../docker/runtime.js';
import type { ImageDetails } from '../../model/container.js';
import { COMMIT_LABEL, INSTANCE_LABEL, MODULE_LABEL, SPEC_HASH_LABEL } from '../../model/owner.js';
import type { ReconcileContext } from '../context.js';
import type { Work } from '../jobs.js';
import { requireRoom } from '../preflight/disk.js';
import type { ImageRequest } from './image-stage.js';
import { repositoryLogin } from './credentials.js';
import { valuesUsedBy } from './reveal-secrets.js';
import { fetchOptions, locationOf } from './source-job.js';
import { buildHash } from './wanted-image.js';

const MIB = 1024 ** 2;

/** What a build may use: more than honest ones do, less than would hurt the host. */
const BUILD_LIMITS: BuildLimits = {
  totalMs: 60 * 60_000,
  silenceMs: 10 * 60_000,
  logBytes: 4 * MIB,
  memoryBytes: 8192 * MIB,
  nanoCpus: 2e9,
  fileBytes: 8192 * MIB,
  diskBytes: 16_384 * MIB,
};

type Parts = Pick<ReconcileContext, 'sources' | 'runtime' | 'buildLogs' | 'registry' | 'disk'>;

type What = Pick<ImageRequest, 'module' | 'source'>;

/** Labels of an image that say what it was built from. */
function labelsOf({ module, source }: What): Record<string, string> {
  return {
    [MODULE_LABEL]: module.metadata.name,
    [COMMIT_LABEL]: source?.commit ?? '',
    [SPEC_HASH_LABEL]: buildHash(module),
  };
}

/** Whether the labels of an image say that this registrar built it from just that. */
export function isBuildOf(
  request: What,
  instance: string,
  { labels }: Pick<ImageDetails, 'labels'>,
): boolean {
  const wanted = { ...labelsOf(request), [INSTANCE_LABEL]: instance };
  return Object.entries(wanted).every(([label, value]) => labels[label] === value);
}

/** Builds from exactly the files that were verified. */
export function buildImage(request: ImageRequest, tag: string, context: Parts): Work<ImageDetails> {
  const { module, basis, source } = request;
  const { path = '.', dockerfile = 'Dockerfile' } = module.spec.source ?? {};
  const location = locationOf(module);
  const commit = source?.commit ?? '';
  const { sources, runtime, buildLogs, registry } = context;
  return async (onProgress, signal) => {
    await requireRoom(context);
    // From the cache: the remote is asked only when somebody removed it from there.
    const options = fetchOptions(basis, repositoryLogin(module, { registry }).credentials);
    const fetched = await sources.fetch(location, commit, options, onProgress, signal);
    const log = buildLogs.begin(module.metadata.name);
    const onOutput = (line: string): void => {
      log.write(line);
      if (/^Step \d+/.test(line)) onProgress(line);
    };
    const { archive } = fetched;
    const what = {
      archive,
      path,
      dockerfile,
      tag,
      labels: labelsOf(request),
      limits: BUILD_LIMITS,
      conceal: concealing(valuesUsedBy(module.spec, context)),
    };
    try {
      return await runtime.buildImage(what, onOutput, signal);
    } catch (error) {
      log.write(String(error));
      throw error;
    } finally {
      log.end();
    }
  };
}
