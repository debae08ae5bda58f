import { descendants, isAlive, signalProcess, waitForEnd, type ProcessIdentity } from '../processes';
import { endProcessesIn, fence, findPostmaster } from '../cluster/postmaster';
import type { OperationContext } from './operation-context';

/** A process that was killed is gone at once, unless its disk holds it. */
const END_MS = 5_000;

/** Ends every process of a node at once: its postmaster, what that started, and whatever works in its folder, gone or moved as it may be. */
export async function fenceNode(context: OperationContext, id: string): Promise<void> {
  const node = context.node(id);
  const instance = context.record().id;
  const known = [context.servers.get(instance, id), findPostmaster(node.data)].filter(
    (each): each is ProcessIdentity => each !== undefined && each !== null && isAlive(each),
  );
  // Looked up before the postmaster ends: afterwards nothing tells whose children they were.
  const family = known.flatMap((each) => [each, ...descendants(each.pid)]);
  for (const each of family) signalProcess(each, 'SIGKILL');
  for (const each of family) await waitForEnd(each, END_MS);
  context.servers.stopped(instance, id);
  await endProcessesIn([node.data, `${node.data}.new`, node.base]);
  await fence(node);
}
