import { checklistOf, fails, prints } from './checklist.js';
import { aCluster } from './cluster.js';

const cluster = aCluster(async () => {
  await cluster.create('idle.yaml');
  await cluster.admit('viewer', '--role', 'viewer');
});
const { item } = checklistOf(cluster);

const VIEWER = 'kubectl --kubeconfig viewer.kubeconfig';

item(86, 'kubectl auth whoami', prints(/^Username +admin$/m, /^Groups +\[/m), 'whoami');

item(87, 'kubectl auth can-i delete modules', prints(/^yes$/m));

item(88, `${VIEWER} auth can-i delete modules`, ({ code, stdout }) => {
  prints(/^no/)({ code: code === 1 ? 0 : code, stdout, stderr: '' });
});

item(
  89,
  `${VIEWER} auth can-i --list`,
  prints(
    /^Resources +Non-Resource URLs +Resource Names +Verbs$/m,
    /^modules\S* .*\[get list watch\]$/m,
  ),
);

item(
  90,
  `${VIEWER} delete mod demo`,
  fails(
    '(Forbidden): modules.registrar.synapsis.network "demo" is forbidden: User "viewer" cannot ' +
      'delete resource "modules" in API group "registrar.synapsis.network" at the cluster scope',
  ),
);

item(91, 'kubectl get mod --token=wrong', fails('You must be logged in to the server'));

item(92, 'kubectl get mod --as=someone', fails('(Forbidden)'));
