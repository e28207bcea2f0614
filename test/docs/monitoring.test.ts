import { describe, expect, it } from 'vitest';
import { sensorKinds } from '../../src/sensing/sensor-kinds.js';
import { endpoints } from '../../src/node/endpoints.js';
import { foxglovePanels, layoutFile, plotjugglerPanels, type Panel } from './reference/layouts.js';
import { messages } from './reference/msg-file.js';

const own = new Map([
  ['/topspark/decision', 'Decision'],
  ['/topspark/energy_mode', 'EnergyMode'],
  ['/topspark/status', 'Status'],
]);
const numbers = /^(u?int\d+|float\d+|bool)$/;
const topics = [...sensorKinds.map(({ topic }) => topic), ...Object.values(endpoints).map(({ topic }) => topic)].map(
  (topic) => topic.replace(/^~/, '/topspark').replace(/^(?!\/)/, '/'),
);

interface Titles {
  readonly foxglovePanelTitle?: string;
  readonly lichtblickPanelTitle?: string;
}

function check(path: string): void {
  const [topic, field] = path.split('.') as [string, string?];
  expect(topics, path).toContain(topic);
  if (field === undefined || topic === '/battery_state') {
    // Of sensor_msgs/BatteryState, whose file is ROS's.
    if (field !== undefined) expect(field).toBe('percentage');
    return;
  }
  const found = messages()
    .get(own.get(topic) ?? '')
    ?.fields.find(({ name }) => name === field);
  expect(found?.type, path).toMatch(numbers);
}

describe.each([
  ['foxglove', foxglovePanels()],
  ['plotjuggler', plotjugglerPanels()],
] as [string, Panel[]][])('the layout for %s', (_name, panels) => {
  it.each(panels.map(({ title, paths }) => [title, paths] as const))('shows what exists: %s', (_, paths) => {
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) check(path);
  });

  it('fills the window', () => {
    expect(panels.reduce((sum, { width, height }) => sum + width * height, 0)).toBeCloseTo(1, 9);
  });
});

it('the layout for plotjuggler is for its main window, without whose name it crashes', () => {
  expect(layoutFile('plotjuggler.xml')).toContain('<tabbed_widget name="Main Window" parent="main_window">');
});

it('the layout for foxglove names its panels for Lichtblick too', () => {
  const { configById } = JSON.parse(layoutFile('foxglove.json')) as { configById: Record<string, Titles> };
  for (const [id, { foxglovePanelTitle, lichtblickPanelTitle }] of Object.entries(configById)) {
    expect(lichtblickPanelTitle, id).toBe(foxglovePanelTitle);
    expect(foxglovePanelTitle, id).toBeTruthy();
  }
});
