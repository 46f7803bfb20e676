import { posix } from 'node:path';
import { CAPABILITIES } from '../model/capabilities.js';
import { RegistrarError } from '../model/errors.js';
import { limitsOf } from '../model/limits.js';
import type { HealthCheck } from '../model/module.js';
import { GPUS_LABEL, ownerLabels } from '../model/owner.js';
import type { Owner } from '../model/owner.js';
import type { ContainerTemplate } from '../model/revision.js';
import { isNamedVolume, isWritable } from '../model/volumes.js';
import type { Volume } from '../model/volumes.js';
import { idsOf } from './container-user.js';
import { volumeName } from './names.js';
import { KEPT_UP } from './restart-policy.js';

/** What a container is made from, with everything looked up that only the outside knows. */
export interface CreateInput {
  readonly owner: Owner;
  readonly template: ContainerTemplate;
  readonly imageId: string;
  /** Values of the environment variables that are in Secrets. */
  readonly secrets: ReadonlyMap<string, string>;
  /** `uid:gid`; root only where the template asks for it. */
  readonly user: string;
  readonly network: string;
  /** Real path of each folder of the host, also of those with files of Secrets, by volume name. */
  readonly hostPaths: ReadonlyMap<string, string>;
}

type Port = ContainerTemplate['ports'][number];

const TMPFS = 'rw,noexec,nosuid,nodev,size=67108864,mode=1777';
/** A process that does not end by itself delays the shutdown of the engine no longer than this. */
const STOP_TIMEOUT_SECONDS = 10;
const NANOSECONDS = 1e9;

/**
 * The body of a create call: an allow-list, so that nothing of a manifest gets further than it
 * should. What a policy has to admit was verified before; FORBIDDEN for what none can admit, INVALID for
 * what lacks a value.
 */
export function createOptions(input: CreateInput): Record<string, unknown> {
  const { owner, template, imageId, secrets, user, network } = input;
  refuseUnsupported(input);
  return {
    Image: imageId,
    User: user,
    // Also when there are none: an image may have any label.
    Labels: { ...ownerLabels(owner), [GPUS_LABEL]: template.resources.gpus.join(',') },
    Env: template.env.map(({ name, value }) => `${name}=${value ?? secrets.get(name) ?? ''}`),
    ...(template.command.length > 0 && { Entrypoint: template.command }),
    ...(template.args.length > 0 && { Cmd: template.args }),
    ExposedPorts: Object.fromEntries(template.ports.map((port) => [portKey(port), {}])),
    ...(template.healthCheck && { Healthcheck: healthcheck(template.healthCheck) }),
    StopTimeout: STOP_TIMEOUT_SECONDS,
    HostConfig: hostConfig(input),
    // Without the name of the module: nothing reaches it here, and those that may ask by name.
    NetworkingConfig: { EndpointsConfig: { [network]: {} } },
  };
}

function hostConfig({ owner, template, user, network, hostPaths }: CreateInput): object {
  const { memoryBytes, nanoCpus, pids } = limitsOf(template.resources);
  const { addCapabilities, readOnlyRootFilesystem } = template.securityContext;
  return {
    CapDrop: ['ALL'],
    ...(addCapabilities.length > 0 && { CapAdd: addCapabilities }),
    SecurityOpt: ['no-new-privileges'],
    ReadonlyRootfs: readOnlyRootFilesystem,
    IpcMode: 'private',
    NetworkMode: network,
    ...{ Memory: memoryBytes, MemorySwap: memoryBytes, NanoCpus: nanoCpus, PidsLimit: pids },
    Mounts: template.volumes.map((volume) => mount(volume, owner, hostPaths)),
    Tmpfs: tmpfs(template, user),
    PortBindings: portBindings(template.ports),
    ...deviceRequests(template.resources.gpus),
    RestartPolicy: KEPT_UP,
    LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
  };
}

function refuseUnsupported({ template, secrets }: CreateInput): void {
  const { securityContext, env } = template;
  if (!securityContext.addCapabilities.every((name) => CAPABILITIES.includes(name))) {
    const message = 'Cannot add capabilities that reach the host: correct "addCapabilities"';
    throw new RegistrarError('FORBIDDEN', message);
  }
  const lacking = env.find(({ name, valueFrom }) => valueFrom !== undefined && !secrets.has(name));
  if (lacking !== undefined) {
    throw new RegistrarError('INVALID', `Cannot set "${lacking.name}" without its secret value`);
  }
}

/** What asks the engine for just these GPUs; nothing when there are none. */
export function deviceRequests(gpus: readonly string[]): object {
  if (gpus.length === 0) return {};
  return { DeviceRequests: [{ Driver: 'nvidia', DeviceIDs: gpus, Capabilities: [['gpu']] }] };
}

function mount(volume: Volume, owner: Owner, hostPaths: ReadonlyMap<string, string>): object {
  const common = { Target: volume.mountPath, ReadOnly: !isWritable(volume) };
  if (isNamedVolume(volume)) {
    const Source = volumeName(owner.instance, owner.module, volume.name);
    // What the image has at the path would come with the image's owner, not with the user.
    return { Type: 'volume', Source, ...common, VolumeOptions: { NoCopy: true } };
  }
  const Source = hostPaths.get(volume.name);
  if (Source === undefined) throw new Error(`Folder of volume "${volume.name}" is not resolved`);
  return { Type: 'bind', Source, ...common, BindOptions: { Propagation: 'rprivate' } };
}

/**
 * Folders in memory, except where a volume is. They are the user's, because the engine gives one that
 * the image has, too, the mode that it has there.
 */
function tmpfs(
  { volumes, securityContext }: ContainerTemplate,
  user: string,
): Record<string, string> {
  const { uid, gid } = idsOf(user);
  const options = `${TMPFS},uid=${uid},gid=${gid}`;
  const taken = new Set(volumes.map((volume) => tidyPath(volume.mountPath)));
  const paths = ['/tmp', ...securityContext.writablePaths].map(tidyPath);
  return Object.fromEntries(
    paths.filter((path) => !taken.has(path)).map((path) => [path, options]),
  );
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
