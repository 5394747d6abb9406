/** Amazon SQS, standard and FIFO queues, as a source. */
@NullMarked
package dev.claimant.sqs;

import org.jspecify.annotations.NullMarked;
