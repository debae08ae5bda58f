import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { test } from '../fixtures';

interface Step {
  readonly title: string;
  readonly done: string[];
  readonly held: string[];
  readonly shots: string[];
  milliseconds: number;
  failure: string | null;
}

/** What a step writes down while it goes: the report is made of these lines. */
export interface StepLog {
  /** What was done, as a person would tell it. */
  did(what: string): void;
  /** What was seen to hold. Said after the check, never before it. */
  held(what: string): void;
  /** Saves a picture of the window. */
  shot(name: string): Promise<void>;
}

// The colour codes of a terminal have no place in a document.
const plain = (text: string): string => text.replaceAll(new RegExp(`${String.fromCodePoint(27)}\\[[0-9;]*m`, 'g'), '');
const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

function describeStep(step: Step, index: number): string[] {
  const mark = step.failure === null ? 'held' : 'FAILED';
  return [
    `## ${index + 1}. ${step.title}: ${mark}, ${seconds(step.milliseconds)}`,
    ...(step.done.length > 0 ? [''] : []),
    ...step.done.map((line) => `- ${line}`),
    ...(step.held.length > 0 ? ['', 'Held:', ''] : []),
    ...step.held.map((line) => `- ${line}`),
    ...(step.failure === null ? [] : ['', '```', step.failure, '```']),
    ...step.shots.flatMap((name) => ['', `![${name}](${name}.png)`]),
    '',
  ];
}

/** The tour's protocol: runs steps in order, keeps what they say, and writes `report.md` beside the pictures. */
export class TourReport {
  readonly #steps: Step[] = [];
  readonly #started = Date.now();
  #pictures = 0;

  constructor(
    private readonly folder: string,
    private readonly page: () => Page,
    private readonly facts: readonly string[],
    private readonly planned: number,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  /** Runs one step; a failure is written down with a picture of the window and ends the tour. */
  async step(title: string, work: (log: StepLog) => Promise<void>): Promise<void> {
    const step: Step = { title, done: [], held: [], shots: [], milliseconds: 0, failure: null };
    this.#steps.push(step);
    const shot = async (name: string): Promise<void> => {
      this.#pictures += 1;
      const numbered = `${String(this.#pictures).padStart(2, '0')}-${name}`;
      await this.page().screenshot({ path: join(this.folder, `${numbered}.png`), animations: 'disabled' });
      step.shots.push(numbered);
    };
    const started = Date.now();
    try {
      await test.step(title, () =>
        work({ did: (what) => void step.done.push(what), held: (what) => void step.held.push(what), shot }),
      );
    } catch (error) {
      step.failure = plain(error instanceof Error ? error.message : String(error));
      await shot('failure').catch(() => undefined);
      throw error;
    } finally {
      step.milliseconds = Date.now() - started;
      this.write();
    }
  }

  private write(): void {
    const held = this.#steps.filter((step) => step.failure === null).length;
    const head = [
      '# Guided tour',
      '',
      `${held} of ${this.planned} steps held, ${seconds(Date.now() - this.#started)} in all.`,
      '',
      ...this.facts.map((fact) => `- ${fact}`),
      '',
    ];
    writeFileSync(join(this.folder, 'report.md'), [...head, ...this.#steps.flatMap(describeStep)].join('\n'));
  }
}
