import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sensorKinds } from '../../src/sensing/sensor-kinds.js';
import { endpoints } from '../../src/node/endpoints.js';
import { foxglovePanels, layoutFile, plotjugglerPanels, type Panel } from './reference/layouts.js';
import { messages, services } from './reference/msg-file.js';

const own = new Map([
  ['/topspark/decision', 'Decision'],
  ['/topspark/energy_mode', 'EnergyMode'],
  ['/topspark/status', 'Status'],
  ['/topspark/place', 'Place'],
]);
const numbers = /^(u?int\d+|float\d+|bool)$/;
const topics = [...sensorKinds.map(({ topic }) => topic), ...Object.values(endpoints).map(({ topic }) => topic)].map(
  (topic) => topic.replace(/^~/, '/topspark').replace(/^(?!\/)/, '/'),
);

interface Titles {
  readonly foxglovePanelTitle?: string;
  readonly lichtblickPanelTitle?: string;
}

function check(path: string, states: boolean): void {
  const [topic, field] = path.split('.') as [string, string?];
  expect(topics, path).toContain(topic);
  if (field === undefined || topic === '/battery_state') {
    // Fields of sensor_msgs/BatteryState, whose file is ROS's.
    if (field !== undefined) expect(field).toBe('percentage');
    return;
  }
  const found = messages()
    .get(own.get(topic) ?? '')
    ?.fields.find(({ name }) => name === field);
  expect(found?.type, path).toMatch(states ? /^string$/ : numbers);
}

describe.each([
  ['foxglove', foxglovePanels()],
  ['plotjuggler', plotjugglerPanels()],
] as [string, Panel[]][])('the layout for %s', (_name, panels) => {
  const shown = panels.filter(({ call }) => call === undefined);
  it.each(shown.map(({ title, paths, states = false }) => [title, paths, states] as const))(
    'shows only what exists: %s',
    (_, paths, states) => {
      expect(paths.length).toBeGreaterThan(0);
      for (const path of paths) check(path, states);
    },
  );

  it('fills the window', () => {
    expect(panels.reduce((sum, { width, height }) => sum + width * height, 0)).toBeCloseTo(1, 9);
  });
});

it('the layout for foxglove calls services of the node with the fields of their requests', () => {
  const calls = foxglovePanels().flatMap(({ call }) => call ?? []);
  expect(calls.map(({ service }) => service)).toEqual([
    '/topspark/teach',
    '/topspark/set_energy_mode',
    '/topspark/set_learning',
    '/topspark/save_checkpoint',
  ]);
  const page = readFileSync(new URL('../../docs/node.md', import.meta.url), 'utf8');
  for (const { service, request } of calls) {
    const name = service.replace('/topspark', '~');
    const [, type = ''] = new RegExp(`\\| \`${name}\` +\\| (\\S+)`).exec(page) ?? [];
    const own = { 'std_srvs/SetBool': ['data'], 'std_srvs/Trigger': [] }[type];
    const [asked] = services().get(type.replace('topspark_msgs/', '')) ?? [];
    const fields = own ?? asked?.fields.map((field) => field.name);
    expect(Object.keys(request), service).toEqual(fields);
  }
});

it('the layout for plotjuggler names its main window, without which it crashes', () => {
  expect(layoutFile('plotjuggler.xml')).toContain('<tabbed_widget name="Main Window" parent="main_window">');
});

it('the layout for foxglove also names its panels for Lichtblick', () => {
  const { configById } = JSON.parse(layoutFile('foxglove.json')) as { configById: Record<string, Titles> };
  for (const [id, { foxglovePanelTitle, lichtblickPanelTitle }] of Object.entries(configById)) {
    expect(lichtblickPanelTitle, id).toBe(foxglovePanelTitle);
    expect(foxglovePanelTitle, id).toBeTruthy();
  }
});
