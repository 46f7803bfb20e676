import { checklistOf, fails } from './checklist.js';
import { aCluster } from './cluster.js';

const cluster = aCluster(async () => {
  await cluster.create('idle.yaml');
});
const { item } = checklistOf(cluster);

const POD_COMMANDS = [
  'logs mod/demo',
  'exec mod/demo -- sh',
  'attach mod/demo',
  'port-forward mod/demo 8080',
  'rollout status mod/demo',
  'set image mod/demo demo=busybox',
];

for (const command of POD_COMMANDS) {
  item(101, `kubectl ${command}`, fails('no kind "Module" is registered for version'));
}

item(
  102,
  'kubectl create token default',
  fails('the server could not find the requested resource'),
  'createToken',
);
