import { z } from 'zod';
import type {
  FailedResource,
  GetResourcesResponse,
  ModifyResourceTagsResponse,
  TagResourcesResponse,
  UnTagResourcesResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/tag/v20180813/tag_models';
import { TAG_KEY_MAX, TAG_VALUE_MAX, TAGS_MAX } from '../../../shared/model/instance-rules';
import type { InstanceRecord } from '../instances/record';
import { tagAction, type ActionTable, type ApiDeps } from './action';
import { ApiError } from './errors';

/** Tags of instances by the six-part name of a resource, as tag 2018-08-13 changes them: `qcs::postgres:<region>:<account>:DBInstanceId/<id>`. */

const key = z.string().min(1).max(TAG_KEY_MAX);
const tag = z.strictObject({ TagKey: key, TagValue: z.string().max(TAG_VALUE_MAX), Category: z.string().optional() });
const resources = z.array(z.string()).min(1).max(10);

const fault = (code: string, message: string): ApiError => new ApiError(code, message);

/** The instance that a six-part name means. Fails with `InvalidParameterValue.ResourceDescriptionError` or `ResourceNotFound`. */
function instanceOf(deps: ApiDeps, resource: string): InstanceRecord {
  const [, region = '', id = ''] = /^qcs::postgres:([a-z0-9-]*):[^:]*:[A-Za-z]+\/([a-z0-9-]+)$/.exec(resource) ?? [];
  if (id === '') {
    throw fault(
      'InvalidParameterValue.ResourceDescriptionError',
      `${resource} is no name such as qcs::postgres:ap-guangzhou:uin/1:DBInstanceId/postgres-0a1b2c3d`,
    );
  }
  const record = deps.instances.get(id);
  if (!record || (region !== '' && record.region !== region))
    throw fault('ResourceNotFound', `There is no instance ${id} in ${region}`);
  return record;
}

type Tags = InstanceRecord['tags'];

function merged(tags: Tags, added: readonly { readonly TagKey: string; readonly TagValue: string }[]): Tags {
  const kept = tags.map((each) => {
    const same = added.find(({ TagKey }) => TagKey === each.key);
    return same ? { key: each.key, value: same.TagValue } : each;
  });
  const more = added.filter(({ TagKey }) => !tags.some((each) => each.key === TagKey));
  const all = [...kept, ...more.map(({ TagKey, TagValue }) => ({ key: TagKey, value: TagValue }))];
  if (all.length > TAGS_MAX)
    throw fault('LimitExceeded.ResourceAttachedTags', `A resource has ${TAGS_MAX} tags at most`);
  return all;
}

const without = (tags: Tags, keys: readonly string[]): Tags => tags.filter(({ key: each }) => !keys.includes(each));

function refuseTwice(keys: readonly string[]): void {
  const twice = keys.find((each, index) => keys.indexOf(each) !== index);
  if (twice !== undefined) throw fault('InvalidParameterValue.TagKeyDuplicate', `The tag key ${twice} is given twice`);
}

/** Changes one after the other; what cannot be changed is told, and the others are changed nevertheless. */
async function changeAll(
  deps: ApiDeps,
  names: readonly string[],
  change: (tags: Tags) => Tags,
): Promise<FailedResource[]> {
  const failed: FailedResource[] = [];
  for (const Resource of names) {
    try {
      const record = instanceOf(deps, Resource);
      await deps.instances.change(record.id, { tags: change(record.tags) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failed.push({ Resource, Code: error.apiCode, Message: error.message });
    }
  }
  return failed;
}

const nameOf = ({ region, id }: InstanceRecord): string => `qcs::postgres:${region}:uin/0:DBInstanceId/${id}`;

export const TAG_ACTIONS: ActionTable = {
  TagResources: tagAction(
    z.strictObject({ ResourceList: resources, Tags: z.array(tag).min(1).max(10) }),
    async ({ ResourceList, Tags: added }, { deps }): Promise<TagResourcesResponse> => {
      refuseTwice(added.map(({ TagKey }) => TagKey));
      return { FailedResources: await changeAll(deps, ResourceList, (tags) => merged(tags, added)) };
    },
    true,
  ),

  UnTagResources: tagAction(
    z.strictObject({ ResourceList: resources, TagKeys: z.array(key).min(1).max(10) }),
    async ({ ResourceList, TagKeys }, { deps }): Promise<UnTagResourcesResponse> => ({
      FailedResources: await changeAll(deps, ResourceList, (tags) => without(tags, TagKeys)),
    }),
    true,
  ),

  ModifyResourceTags: tagAction(
    z.strictObject({
      Resource: z.string(),
      ReplaceTags: z.array(tag).min(1).max(10).optional(),
      DeleteTags: z
        .array(z.strictObject({ TagKey: key }))
        .min(1)
        .max(20)
        .optional(),
    }),
    async ({ Resource, ReplaceTags, DeleteTags }, { deps }): Promise<ModifyResourceTagsResponse> => {
      if (!ReplaceTags && !DeleteTags) throw fault('MissingParameter', 'ReplaceTags or DeleteTags must be given');
      const gone = (DeleteTags ?? []).map(({ TagKey }) => TagKey);
      refuseTwice([...(ReplaceTags ?? []).map(({ TagKey }) => TagKey), ...gone]);
      const record = instanceOf(deps, Resource);
      await deps.instances.change(record.id, { tags: merged(without(record.tags, gone), ReplaceTags ?? []) });
      return {};
    },
    true,
  ),

  GetResources: tagAction(
    z.strictObject({
      ResourceList: z.array(z.string()).max(10).optional(),
      TagFilters: z
        .array(z.strictObject({ TagKey: key, TagValue: z.array(z.string()).max(10).optional() }))
        .max(6)
        .optional(),
      PaginationToken: z
        .string()
        .regex(/^\d{0,9}$/, 'none that was handed out')
        .optional(),
      MaxResults: z.number().int().min(1).max(200).default(50),
    }),
    async ({ ResourceList, TagFilters = [], PaginationToken, MaxResults }, { deps }): Promise<GetResourcesResponse> => {
      const named = ResourceList?.length ? ResourceList.map((resource) => instanceOf(deps, resource)) : null;
      const found = (named ?? deps.instances.list()).filter(({ tags }) =>
        TagFilters.every(({ TagKey, TagValue = [] }) =>
          tags.some((each) => each.key === TagKey && (TagValue.length === 0 || TagValue.includes(each.value))),
        ),
      );
      const from = Number(PaginationToken ?? 0);
      const until = named ? found.length : from + MaxResults;
      return {
        PaginationToken: until < found.length ? String(until) : '',
        ResourceTagMappingList: found.slice(named ? 0 : from, until).map((record) => ({
          Resource: nameOf(record),
          Tags: record.tags.map((each) => ({ TagKey: each.key, TagValue: each.value, Category: 'Custom' })),
        })),
      };
    },
  ),
};
