import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { Service, ServiceSpec } from 'dockerode';
import { docker, SAMPLE_IMAGE } from './engine.js';

const SECOND_NS = 1e9;

/** A service of one replica, in the swarm of an engine that is the test's own. */
export interface SwarmService {
  /** Has it run another command, one container after the other; resolves when that is done. */
  update(command: readonly string[]): Promise<void>;
}

export interface ServiceShape {
  readonly name: string;
  readonly order: 'start-first' | 'stop-first';
  readonly command: readonly string[];
  /** What has to end well in a container for it to count. */
  readonly check: readonly string[];
  readonly containerPort: number;
  /** Port of the host that it has itself: nothing of the swarm stands between. */
  readonly hostPort?: number;
}

/** Label of the containers of a service. */
export const serviceLabel = (name: string): string => `com.docker.swarm.service.name=${name}`;

/** Starts a service as `docker service create` does, and waits until its container is healthy. */
export async function swarmService(shape: ServiceShape): Promise<SwarmService> {
  const { id } = (await docker().createService(specOf(shape, shape.command))) as { id: string };
  await healthy(serviceLabel(shape.name));
  return { update: (command) => update(docker().getService(id), specOf(shape, command)) };
}

function specOf(shape: ServiceShape, command: readonly string[]): ServiceSpec {
  const { name, order, check, containerPort, hostPort } = shape;
  const port = { Protocol: 'tcp', TargetPort: containerPort, PublishedPort: hostPort } as const;
  const container = {
    ...{ Image: SAMPLE_IMAGE, Command: [...command] },
    HealthCheck: { Test: ['CMD', ...check], Interval: SECOND_NS, Timeout: SECOND_NS },
  };
  const task = { ContainerSpec: container, Networks: [{ Target: 'bridge' }] };
  return {
    Name: name,
    TaskTemplate: task,
    Mode: { Replicated: { Replicas: 1 } },
    UpdateConfig: { Parallelism: 1, Order: order, Monitor: SECOND_NS },
    ...(hostPort !== undefined && {
      EndpointSpec: { Mode: 'vip', Ports: [{ ...port, PublishMode: 'host' }] },
    }),
  };
}

async function update(service: Service, spec: ServiceSpec): Promise<void> {
  const began = Date.now();
  const { Version } = (await service.inspect()) as { Version: { Index: number } };
  await service.update({ version: Version.Index, ...spec });
  await until(async () => {
    const { UpdateStatus } = (await service.inspect()) as Docker.Service & {
      UpdateStatus?: { State: string; CompletedAt?: string };
    };
    return Date.parse(UpdateStatus?.CompletedAt ?? '') > began;
  });
}

/** Until a container with a label is healthy. */
export const healthy = (label: string): Promise<void> =>
  until(async () => {
    const filters = { label: [label], health: ['healthy'] };
    return (await docker().listContainers({ filters })).length > 0;
  });

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await holds()) return;
    await sleep(50);
  }
  throw new Error('The swarm does not come to an end');
}
