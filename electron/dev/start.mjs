import { build } from './build.mjs';
import { program, say } from './console.mjs';
import { hasDisplay } from './display.mjs';
import { isRoot, root } from './paths.mjs';
import { become } from './process.mjs';
import { demandSandbox } from './sandbox.mjs';
import { setup } from './setup.mjs';
import { tour } from './tour.mjs';

await program(async () => {
  if (!hasDisplay()) {
    say('There is no display here: the guided tour runs on a virtual one.');
    return tour();
  }
  const runtime = await setup('start');
  await demandSandbox(runtime.executable);
  await build();
  const sandbox = process.platform === 'linux' && isRoot() ? ['--no-sandbox'] : [];
  return become(runtime.executable, [...sandbox, root, ...process.argv.slice(2)]);
});
