import { containersWith, hammer, hostPort } from './hammer.js';

// Asks until its standard input ends: a port of the host, or the containers with a label. Prints a line
// when it begins, and what it saw at the end.
const [kind, value = '', port] = process.argv.slice(2);
const lookup = kind === 'port' ? hostPort(Number(value)) : containersWith(value, Number(port));
const client = hammer(lookup);
process.stdout.write('asking\n');
process.stdin.resume().on('end', () => {
  void client.stop().then(({ answers, ...hits }) => {
    process.stdout.write(JSON.stringify({ ...hits, answers: [...answers] }));
  });
});
