import { CommonClient } from 'tencentcloud-sdk-nodejs/tencentcloud/common/common_client';
import { postgres } from 'tencentcloud-sdk-nodejs/tencentcloud/services/postgres';
import { tag } from 'tencentcloud-sdk-nodejs/tencentcloud/services/tag';
import { vpc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc';
import { HOWDAH_API } from '../../shared/model/control-plane';
import type { TestControlPlane } from './control-plane';
import { answerProblems, sdkTypes, type SdkTypes } from './sdk-types';

type Access = Pick<TestControlPlane, 'endpoint' | 'secretId' | 'secretKey'>;
type Profile = NonNullable<ConstructorParameters<typeof postgres.v20170312.Client>[0]['profile']>;

export const sdkConfig = (plane: Access, region: string, { httpProfile, ...profile }: Profile = {}) => ({
  credential: { secretId: plane.secretId, secretKey: plane.secretKey },
  region,
  profile: { ...profile, httpProfile: { protocol: 'http://', endpoint: plane.endpoint, ...httpProfile } },
});

/** What came of a call: the answer, or the code and words of its refusal. */
export type Outcome =
  | { readonly ok: true; readonly answer: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** A service that the SDK has no declarations of: ours. */
export interface OwnService {
  outcome(action: string, body: object): Promise<Outcome>;
  /** The answer; fails when the call is refused. */
  answer<T = Record<string, unknown>>(action: string, body?: object): Promise<T>;
  /** The code of the refusal; fails when the call is answered. */
  refusal(action: string, body?: object): Promise<string>;
}

/** A service of the official SDK, whose every answer is held against the SDK's own types: one that is not of its type fails the test. */
export interface Service extends OwnService {
  readonly sdk: SdkTypes;
  /** Actions that were answered (not refused) so far. */
  readonly answered: ReadonlySet<string>;
}

interface SdkClient {
  request(action: string, body: object): Promise<unknown>;
}

function calls(client: SdkClient, look: (action: string, answer: unknown) => void): OwnService {
  const outcome = async (action: string, body: object): Promise<Outcome> => {
    let answer: Record<string, unknown>;
    try {
      answer = (await client.request(action, body)) as Record<string, unknown>;
    } catch (error) {
      const { code, message } = error as { code?: unknown; message?: unknown };
      return { ok: false, code: String(code), message: String(message) };
    }
    look(action, answer);
    return { ok: true, answer };
  };
  return {
    outcome,
    async answer<T>(action: string, body: object = {}) {
      const result = await outcome(action, body);
      if (!result.ok) throw new Error(`${action} was refused with ${result.code}: ${result.message}`);
      return result.answer as T;
    },
    async refusal(action, body = {}) {
      const result = await outcome(action, body);
      if (result.ok) throw new Error(`${action} was answered`);
      return result.code;
    },
  };
}

/** A service by its client of the SDK. */
export function service(client: SdkClient, sdk: SdkTypes): Service {
  const answered = new Set<string>();
  const look = (action: string, answer: unknown): void => {
    const problems = answerProblems(sdk, action, answer);
    if (problems.length > 0)
      throw new Error(`the answer to ${action} is not of its type: ${problems.slice(0, 5).join('; ')}`);
    answered.add(action);
  };
  return { ...calls(client, look), sdk, answered };
}

export const postgresService = (plane: Access, region = 'ap-guangzhou', profile?: Profile): Service =>
  service(new postgres.v20170312.Client(sdkConfig(plane, region, profile)), sdkTypes('postgres', 'v20170312'));

export const vpcService = (plane: Access, region = 'ap-guangzhou', profile?: Profile): Service =>
  service(new vpc.v20170312.Client(sdkConfig(plane, region, profile)), sdkTypes('vpc', 'v20170312'));

export const tagService = (plane: Access, region = 'ap-guangzhou', profile?: Profile): Service =>
  service(new tag.v20180813.Client(sdkConfig(plane, region, profile)), sdkTypes('tag', 'v20180813'));

export const ownService = (plane: Access, region = 'ap-guangzhou', profile?: Profile): OwnService =>
  calls(new CommonClient(plane.endpoint, HOWDAH_API, sdkConfig(plane, region, profile)), () => undefined);
