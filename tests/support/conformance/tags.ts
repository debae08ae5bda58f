import { describe, expect, it } from 'vitest';
import { describeOne, type World } from './world';

/** Tags by the six-part name of a resource. */
export function tags(world: World): void {
  describe('tags', () => {
    it('are put on, changed and taken off by the name of the resource', async () => {
      const name = (id: string, region = 'ap-guangzhou') => `qcs::postgres:${region}:uin/1:DBInstanceId/${id}`;
      const tagsOf = async (id: string) =>
        (await describeOne(world, id)).TagList?.map(({ TagKey, TagValue }) => `${TagKey}=${TagValue}`);
      expect(
        await world.tag.answer('TagResources', {
          ResourceList: [name(world.single), name('postgres-00000000'), name(world.pair, 'ap-beijing'), 'nonsense'],
          Tags: [
            { TagKey: 'team', TagValue: 'ship' },
            { TagKey: 'stage', TagValue: 'test' },
          ],
        }),
      ).toMatchObject({
        FailedResources: [
          { Code: 'ResourceNotFound' },
          { Code: 'ResourceNotFound' },
          { Code: 'InvalidParameterValue.ResourceDescriptionError' },
        ],
      });
      expect(await tagsOf(world.single)).toEqual(['team=ship', 'stage=test']);
      await world.tag.answer('ModifyResourceTags', {
        Resource: name(world.single),
        ReplaceTags: [{ TagKey: 'stage', TagValue: 'live' }],
        DeleteTags: [{ TagKey: 'team' }],
      });
      expect(await tagsOf(world.single)).toEqual(['stage=live']);
      expect(
        await world.tag.answer('GetResources', { TagFilters: [{ TagKey: 'stage', TagValue: ['live'] }] }),
      ).toMatchObject({
        ResourceTagMappingList: [{ Tags: [{ TagKey: 'stage', TagValue: 'live' }] }],
      });
      await world.tag.answer('UnTagResources', { ResourceList: [name(world.single)], TagKeys: ['stage'] });
      expect(await tagsOf(world.single)).toEqual([]);
      expect(await world.tag.refusal('ModifyResourceTags', { Resource: name(world.single) })).toBe('MissingParameter');
      expect(
        await world.tag.refusal('ModifyResourceTags', { Resource: name('x'), DeleteTags: [{ TagKey: 'a' }] }),
      ).toBe('ResourceNotFound');
    });
  });
}
