import { eventually } from '../helpers/daemon.js';
import { docker } from '../helpers/engine.js';
import { checklistOf, exits, fails, prints } from './checklist.js';
import { aCluster } from './cluster.js';

const cluster = aCluster(async () => {
  await cluster.create('chatty.yaml');
  await cluster.untilReady('demo');
  await crash('-0');
  await cluster.admit('runner', '--role', 'operator', '--exec');
});
const { beside, item } = checklistOf(cluster);

/** Ends the processes of the container in a slot, and waits until it runs again. */
async function crash(slot: string): Promise<void> {
  const found = (await cluster.site.containers()).find(({ name }) => name.endsWith(slot));
  if (found === undefined) throw new Error(`There is no container in slot ${slot}`);
  const container = docker().getContainer(found.id);
  const printed = async (): Promise<boolean> =>
    (await container.logs({ stdout: true })).includes('line 2\n');
  await eventually(printed, 'there is something to show of the run that ends');
  await container.kill();
  const restarted = async (): Promise<boolean> => {
    const { status } = await cluster.module('demo');
    return status.restarts > 0 && status.readyReplicas === 2;
  };
  await eventually(restarted, 'the container runs again');
}

item(
  93,
  'kubectl get pods',
  prints(/^NAME +READY +STATUS +RESTARTS +AGE/m, /^demo-0 +1\/1 +Running/m),
);

const STAMPED = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z line \\d+\\n';

item(94, 'kubectl logs demo-0 --tail=3 --timestamps', prints(new RegExp(`^(${STAMPED}){3}$`)));

beside(95, 'kubectl logs -f demo-0 --tail=1', async (running) => {
  await running.prints(/^line \d+\nline \d+\nline \d+\n/);
  await running.interrupt();
});

item(96, 'kubectl logs demo-0 --previous', prints(/^line 1\nline 2\n/));

item(
  97,
  'kubectl logs -l registrar.synapsis.network/module=demo --prefix --tail=1',
  prints(/^\[pod\/demo-0\/\S+\] line \d+$/m, /^\[pod\/demo-1\/\S+\] line \d+$/m),
);

item(
  98,
  'kubectl top pods',
  prints(/^NAME +CPU\(cores\) +MEMORY\(bytes\) *$/m, /^demo-0 +\d+m +\d+Mi *$/m),
);

item(99, 'kubectl --kubeconfig runner.kubeconfig exec demo-0 -- sh -c "exit 3"', exits(3), 'exec');

item(100, 'kubectl delete pod demo-0', fails('(MethodNotAllowed)'));
