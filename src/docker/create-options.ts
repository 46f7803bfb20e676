import { posix } from 'node:path';
import { RegistrarError } from '../model/errors.js';
import { limitsOf } from '../model/limits.js';
import type { HealthCheck } from '../model/module.js';
import { ownerLabels } from '../model/owner.js';
import type { Owner } from '../model/owner.js';
import type { ContainerTemplate } from '../model/revision.js';
import { volumeName } from './names.js';

/** What a container is made from, with everything looked up that only the outside knows. */
export interface CreateInput {
  readonly owner: Owner;
  readonly template: ContainerTemplate;
  readonly imageId: string;
  /** `uid:gid`, never root. */
  readonly user: string;
  readonly network: string;
  /** Real path of each host folder, by volume name. */
  readonly hostPaths: ReadonlyMap<string, string>;
}

type Volume = ContainerTemplate['volumes'][number];
type Port = ContainerTemplate['ports'][number];

const TMPFS = 'rw,noexec,nosuid,nodev,size=67108864,mode=1777';
/** A process that does not end by itself delays the shutdown of the engine no longer than this. */
const STOP_TIMEOUT_SECONDS = 10;
const NANOSECONDS = 1e9;

/**
 * The body of a create call: an allow-list, so that nothing of a manifest gets further than it
 * should. FORBIDDEN for what no policy admits yet, INVALID for what is not built yet.
 */
export function createOptions(input: CreateInput): Record<string, unknown> {
  const { owner, template, imageId, user, network } = input;
  refuseUnsupported(template);
  return {
    Image: imageId,
    User: user,
    Labels: ownerLabels(owner),
    Env: template.env.map(({ name, value = '' }) => `${name}=${value}`),
    ...(template.command.length > 0 && { Entrypoint: template.command }),
    ...(template.args.length > 0 && { Cmd: template.args }),
    ExposedPorts: Object.fromEntries(template.ports.map((port) => [portKey(port), {}])),
    ...(template.healthCheck && { Healthcheck: healthcheck(template.healthCheck) }),
    StopTimeout: STOP_TIMEOUT_SECONDS,
    HostConfig: hostConfig(input),
    NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [owner.module] } } },
  };
}

function hostConfig({ owner, template, network, hostPaths }: CreateInput): object {
  const { memoryBytes, nanoCpus, pids } = limitsOf(template.resources);
  return {
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    ReadonlyRootfs: template.securityContext.readOnlyRootFilesystem,
    IpcMode: 'private',
    NetworkMode: network,
    ...{ Memory: memoryBytes, MemorySwap: memoryBytes, NanoCpus: nanoCpus, PidsLimit: pids },
    Mounts: template.volumes.map((volume) => mount(volume, owner, hostPaths)),
    Tmpfs: tmpfs(template),
    PortBindings: portBindings(template.ports),
    RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 5 },
    LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
  };
}

function refuseUnsupported({ securityContext, resources, env }: ContainerTemplate): void {
  if (securityContext.runAsUser === 0) {
    throw new RegistrarError('FORBIDDEN', 'Cannot run as root: set "runAsUser" to another user');
  }
  if (securityContext.addCapabilities.length > 0) {
    throw new RegistrarError('FORBIDDEN', 'Cannot add capabilities: empty "addCapabilities"');
  }
  if (resources.gpus.length > 0) {
    throw new RegistrarError('INVALID', 'Cannot pass GPUs: empty "resources.gpus"');
  }
  const secret = env.find((variable) => variable.valueFrom !== undefined);
  if (secret !== undefined) {
    throw new RegistrarError('INVALID', `Cannot read a secret into "${secret.name}": use "value"`);
  }
}

function mount(volume: Volume, owner: Owner, hostPaths: ReadonlyMap<string, string>): object {
  const common = { Target: volume.mountPath, ReadOnly: volume.readOnly };
  if (volume.hostPath === undefined) {
    const Source = volumeName(owner.instance, owner.module, volume.name);
    // What the image has at the path would come with the image's owner, not with the user.
    return { Type: 'volume', Source, ...common, VolumeOptions: { NoCopy: true } };
  }
  const Source = hostPaths.get(volume.name);
  if (Source === undefined) throw new Error(`Host path of volume "${volume.name}" is not resolved`);
  return { Type: 'bind', Source, ...common, BindOptions: { Propagation: 'rprivate' } };
}

/** Folders in memory, except where a volume is. */
function tmpfs({ volumes, securityContext }: ContainerTemplate): Record<string, string> {
  const taken = new Set(volumes.map((volume) => tidyPath(volume.mountPath)));
  const paths = ['/tmp', ...securityContext.writablePaths].map(tidyPath);
  return Object.fromEntries(paths.filter((path) => !taken.has(path)).map((path) => [path, TMPFS]));
}

const tidyPath = (path: string): string => posix.resolve('/', path);

const portKey = ({ containerPort, protocol }: Port): string =>
  `${containerPort}/${protocol.toLowerCase()}`;

function portBindings(ports: readonly Port[]): Record<string, object[]> {
  const bindings: Record<string, object[]> = {};
  for (const port of ports) {
    if (port.hostPort === undefined) continue;
    const binding = { HostIp: port.hostIp, HostPort: String(port.hostPort) };
    (bindings[portKey(port)] ??= []).push(binding);
  }
  return bindings;
}

/** The controller asks http and tcp from outside; then the image's own check must not count. */
function healthcheck(check: HealthCheck): object {
  if (check.exec === undefined) return { Test: ['NONE'] };
  return {
    Test: ['CMD', ...check.exec.command],
    Interval: check.intervalSeconds * NANOSECONDS,
    Timeout: check.timeoutSeconds * NANOSECONDS,
    StartPeriod: check.startPeriodSeconds * NANOSECONDS,
    Retries: check.retries,
  };
}
