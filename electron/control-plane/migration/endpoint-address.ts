import { join } from 'node:path';
import { AppError } from '../../../shared/errors';
import { writeFileAtomically } from '../../adapters/storage/json-document';
import type { GatewayControl } from '../gateway/route';
import type { Instances } from '../instances/instance-service';
import type { InstanceRecord } from '../instances/record';
import { shouldServe } from '../instances/status';
import { applicationName, type Endpoint, type EndpointSecrets, type Reachable } from './endpoint';

/** What is asked about the instances of this control plane. */
export interface AddressDeps {
  readonly instances: Pick<Instances, 'get' | 'list' | 'certificateAuthority' | 'taskAddress'>;
  readonly gateway: Pick<GatewayControl, 'sessions'>;
  /** Folder for the certificate of the authority. */
  readonly folder: string;
}

/** Fails with `not-found` or `conflict`, in words for people. */
function mustServe(deps: AddressDeps, id: string): InstanceRecord {
  const record = deps.instances.get(id);
  if (!record) {
    throw new AppError({
      code: 'not-found',
      message: `There is no instance ${id}`,
      hint: 'Choose another instance for the task.',
      field: 'instanceId',
      apiCode: 'InvalidParameter.InstanceNotFound',
    });
  }
  if (record.status === 'isolated' || record.status === 'isolating') {
    throw new AppError({
      code: 'conflict',
      message: `The instance ${id} is isolated`,
      hint: 'Recover the instance, or choose another one.',
      field: 'instanceId',
    });
  }
  if (record.networks.length === 0 || (!shouldServe(record.status) && record.operation === null)) {
    throw new AppError({
      code: 'conflict',
      message: `The instance ${id} does not serve: it is ${record.status}`,
      hint: 'Wait until it runs.',
      field: 'instanceId',
    });
  }
  return record;
}

/** The instance of this control plane that a side is, however the side names it. */
export function localInstance(deps: Pick<AddressDeps, 'instances'>, side: Endpoint): InstanceRecord | null {
  if (side.accessType === 'cdb') return deps.instances.get(side.instanceId) ?? null;
  const isHere = ({ networks, publicAddress, taskAddress }: InstanceRecord): boolean =>
    [...networks, publicAddress, taskAddress].some(
      (address) => address?.host === side.host && address.port === side.port,
    );
  return deps.instances.list().find(isHere) ?? null;
}

/**
 * A side with the address that it has now. An instance of this control plane is asked for by its id whenever a connection is made, and reached
 * by an address of its own for tasks: it stays when that of the clients moves, and is open while they are held. Fails with `not-found` or
 * `conflict` when it is unknown, isolated or not made yet.
 */
export async function reach(deps: AddressDeps, side: Endpoint, secrets: EndpointSecrets): Promise<Reachable> {
  if (side.accessType !== 'cdb') return { ...side, ...secrets };
  const record = mustServe(deps, side.instanceId);
  const { host, port } = await deps.instances.taskAddress(record.id);
  const { ssl } = side;
  const verifies = ssl.mode === 'verify-ca' || ssl.mode === 'verify-full';
  if (!verifies || ssl.rootCert !== '') return { ...side, ...secrets, host, port };
  const rootCert = join(deps.folder, 'authority.pem');
  await writeFileAtomically(rootCert, await deps.instances.certificateAuthority());
  return { ...side, ...secrets, host, port, ssl: { ...ssl, rootCert } };
}

/** Whether the target is an instance of ours that nobody but this task uses, so that it may be tuned for the load. */
export async function mayTune(deps: AddressDeps, side: Endpoint, jobId: string): Promise<boolean> {
  const record = localInstance(deps, side);
  if (!record) return false;
  const sessions = await deps.gateway.sessions();
  return !sessions.some(
    ({ routeId, application }) => routeId.split('/', 1)[0] === record.id && application !== applicationName(jobId),
  );
}
