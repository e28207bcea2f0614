import type { Heard } from './heard.js';
import type { OnlineClassifier } from './online-classifier.js';

/**
 * Gives a classifier an input that another one heard. A label without room makes room as
 * {@link OnlineClassifier.giveWay} allows. A label that finds no sample, and an edit of an unknown class, change nothing.
 */
export function hearAgain(classifier: OnlineClassifier, heard: Heard): void {
  switch (heard.kind) {
    case 'sample':
      classifier.decide(heard.intensities, heard.stamp, heard.point, heard.learn);
      break;
    case 'label': {
      const { stamp, name, learn, why, corrects } = heard;
      const options = { learn, kind: why, corrects };
      const outcome = classifier.label(stamp, name, options);
      if (outcome.found || outcome.cause !== 'too_many_classes' || classifier.giveWay(name) === undefined) break;
      classifier.label(stamp, name, options);
      break;
    }
    case 'label_taken_back':
      classifier.takeBack(heard.stamp);
      break;
    case 'class_forgotten':
      classifier.forgetClass(heard.name);
      break;
    case 'class_renamed':
      classifier.renameClass(heard.name, heard.to);
      break;
    case 'unknown_rate':
      classifier.unknownRate = heard.rate;
      break;
  }
}
