import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { planes, PlaneDefinition } from '../../../shared/contract/planes';
import type { Emit, Handlers } from '../../../shared/contract/define';
import { AppError } from '../../../shared/errors';
import { LOCAL_PLANE, type PlaneView } from '../../../shared/model/plane';
import { checkPlane, endpointOf, type PlaneRule } from '../../../shared/model/plane-rules';
import { openCloudPlane } from '../../adapters/control-plane/cloud-plane';
import { localPlane, type ControlPlane } from '../../adapters/control-plane/control-plane';
import type { Plane, Planes } from '../../adapters/control-plane/plane';
import { openJsonDocument } from '../../adapters/storage/json-document';
import type { Logger } from '../../log';
import type { SecretStore } from '../../ports';
import { readRates, setRates } from './rates';
import { testPlane } from './test-plane';

export interface PlanesOptions {
  /** Folder of the document. */
  readonly folder: string;
  readonly secrets: SecretStore;
  readonly controlPlane: ControlPlane;
  readonly emit: Emit<typeof planes>;
  readonly log: Logger;
  readonly onBroken?: (kept: string, reason: string) => void;
}

export interface PlanesFeature {
  readonly handlers: Handlers<typeof planes>;
  /** For the features that talk to control planes. */
  readonly planes: Planes;
  close(): Promise<void>;
}

const registered = z.object({
  id: z.string().min(1),
  name: z.string(),
  endpoint: z.string(),
  protocol: z.enum(['https', 'http']),
  region: z.string(),
  secretId: z.string(),
});
type Registered = z.output<typeof registered>;
const document = z.array(registered);

const WORDS: Readonly<Record<PlaneRule, readonly [message: string, hint: string]>> = {
  'name-missing': ['The control plane has no name', 'For example: Company account'],
  'name-taken': ['Another control plane has this name', 'Choose a name that tells them apart.'],
  'endpoint-missing': ['The endpoint is missing', 'For example: postgres.tencentcloudapi.com'],
  'endpoint-form': ['The endpoint must be a host, with a port if need be', 'For example: postgres.tencentcloudapi.com'],
  'protocol-plain': ['Plain HTTP is for endpoints on this machine only', 'Choose HTTPS.'],
  'region-missing': ['The region is missing', 'For example: ap-guangzhou'],
  'region-form': ['The region must be a code', 'For example: ap-guangzhou'],
  'secret-id-missing': ['The SecretId is missing', 'The access keys of the account show it.'],
  'secret-id-form': ['The SecretId holds a character that is not allowed', 'Copy it without spaces.'],
  'secret-key-missing': ['The SecretKey is missing', 'The access keys of the account show it.'],
  'secret-key-form': ['The SecretKey holds a character that is not allowed', 'Copy it without spaces.'],
};

const keyOf = (id: string): string => `plane/${id}/secretKey`;

const view = ({ id, name, endpoint, protocol, region, secretId }: Registered): PlaneView => ({
  id,
  name,
  endpoint,
  protocol,
  region,
  secretId,
  local: false,
});

/** Control planes: the local one, which is always there, and those that the person registered. */
export function createPlanesFeature(options: PlanesOptions): PlanesFeature {
  const { secrets, controlPlane, emit, log, onBroken } = options;
  const stored = openJsonDocument<Registered[]>({
    file: join(options.folder, 'planes.json'),
    schema: document,
    version: 1,
    defaults: [],
    log,
    ...(onBroken ? { onBroken } : {}),
  });
  const local = localPlane(controlPlane);
  /** Opened clouds; each keeps its own measure of requests. */
  const open = new Map<string, Plane>();

  const find = (id: string): Registered => {
    const found = stored.current().find((each) => each.id === id);
    if (!found) throw new AppError({ code: 'not-found', message: 'This control plane is not registered any more' });
    return found;
  };

  const storedKey = async ({ id, name }: Registered): Promise<string> => {
    const key = await secrets.get(keyOf(id));
    if (key !== null) return key;
    throw new AppError({
      code: 'authentication',
      message: `The SecretKey of ${name} is not stored`,
      hint: 'Enter it in Settings > Control planes.',
    });
  };

  const get = (id: string): Plane => {
    if (id === LOCAL_PLANE) return local;
    const known = open.get(id);
    if (known) return known;
    const found = find(id);
    const plane = openCloudPlane({ ...found, secretKey: () => storedKey(found) });
    open.set(id, plane);
    return plane;
  };

  const localView = (): PlaneView => {
    const state = controlPlane.state();
    return {
      id: LOCAL_PLANE,
      name: 'This machine',
      endpoint: state.state === 'running' ? state.endpoint : '',
      protocol: 'http',
      region: '',
      secretId: '',
      local: true,
    };
  };

  /** What was typed, put in order and checked. Fails with `invalid-input` and the field. */
  const checked = (typed: PlaneDefinition): PlaneDefinition => {
    const wanted = {
      ...typed,
      name: typed.name.trim(),
      endpoint: endpointOf(typed.endpoint),
      region: typed.region.trim(),
      secretId: typed.secretId.trim(),
      secretKey: typed.secretKey.trim(),
    };
    const others = stored.current().filter(({ id }) => id !== wanted.id);
    const [failure] = checkPlane(
      wanted,
      others.map(({ name }) => name),
    );
    if (!failure) return wanted;
    const [message, hint] = WORDS[failure.rule];
    throw new AppError({ code: 'invalid-input', message, hint, field: failure.field });
  };

  return {
    handlers: {
      async list() {
        return [localView(), ...stored.current().map(view)];
      },

      async save(typed) {
        const { secretKey, ...wanted } = checked(typed);
        if (wanted.id !== '') find(wanted.id);
        const next: Registered = { ...wanted, id: wanted.id === '' ? randomUUID() : wanted.id };
        // The key first: a plane without one is of no use, a key without a plane is overwritten or never read.
        if (secretKey !== '') await secrets.set(keyOf(next.id), secretKey);
        await stored.update((all) =>
          all.some(({ id }) => id === next.id)
            ? all.map((each) => (each.id === next.id ? next : each))
            : [...all, next],
        );
        open.delete(next.id);
        log.write('info', 'a control plane was saved', { plane: next.id, endpoint: next.endpoint });
        emit('changed', {});
        return view(next);
      },

      async remove({ id }) {
        if (id === LOCAL_PLANE) throw new AppError({ code: 'denied', message: 'The local control plane stays' });
        find(id);
        await stored.update((all) => all.filter((each) => each.id !== id));
        open.delete(id);
        await secrets.delete(keyOf(id));
        log.write('info', 'a control plane was removed', { plane: id });
        emit('changed', {});
      },

      async test(typed, { signal }) {
        const wanted = checked(typed);
        const known = wanted.secretKey === '' ? find(wanted.id) : null;
        const plane = openCloudPlane({
          ...wanted,
          secretKey: async () => (known ? storedKey(known) : wanted.secretKey),
        });
        return testPlane(plane, wanted.protocol, signal);
      },

      async rates(_, { signal }) {
        const { state } = controlPlane.state();
        const rates = await readRates(local, signal);
        // It was started for this: it has an endpoint now.
        if (state !== controlPlane.state().state) emit('changed', {});
        return rates;
      },
      setRates: (rates, { signal }) => setRates(local, rates, signal),
    },
    planes: {
      get,
      list: () => [local, ...stored.current().map(({ id }) => get(id))],
    },
    close: () => stored.settled(),
  };
}
