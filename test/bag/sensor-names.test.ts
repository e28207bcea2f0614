import { describe, expect, it } from 'vitest';
import { sensorNamesOf, togetherIn } from '../../src/bag/sensor-names.js';

describe('names of several sensors of a kind', () => {
  it.each([
    ['scan', ['/front/scan', '/rear/scan'], ['scan_front', 'scan_rear']],
    ['scan', ['/scan', '/rear/scan'], ['scan', 'scan_rear']],
    ['scan', ['/scan_left', '/scan_right'], ['scan_left', 'scan_right']],
    ['scan', ['/robot/laser_1/scan', '/robot/laser_2/scan'], ['scan_laser_1', 'scan_laser_2']],
    ['image', ['/cam/color/image_raw', '/cam/infra1/image_rect_raw'], ['image_color_raw', 'image_infra1_rect_raw']],
    ['range', ['/us-0', '/us-1'], ['range_us_0', 'range_us_1']],
    ['range', ['/ä', '/ö'], ['range1', 'range2']],
    ['scan', ['/a-b', '/a_b'], ['scan1', 'scan2']],
    ['scan', [`/${'x'.repeat(60)}/a`, '/b'], ['scan1', 'scan2']],
  ])('%s on %j', (kind, topics, names) => {
    expect(sensorNamesOf(kind, topics)).toEqual(names);
  });

  it('are proposed only for what was recorded', () => {
    const topic = (name: string, input: string, messages = 1) => ({ topic: name, type: '', messages, input });
    expect(
      togetherIn([topic('/a', 'scan'), topic('/b', 'scan', 0), topic('/c', 'label'), topic('/d', 'label')]),
    ).toEqual([]);
    const [{ options }] = togetherIn([topic('/a', 'compressed_image'), topic('/b', 'compressed_image')]);
    expect(options).toBe(
      '-p "sensors:=[compressed_image_a, compressed_image_b]" -r image_a/compressed:=/a -r image_b/compressed:=/b',
    );
  });
});
