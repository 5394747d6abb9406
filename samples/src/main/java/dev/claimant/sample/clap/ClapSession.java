package dev.claimant.sample.clap;

/**
 * One try to make a clap.
 *
 * @param clap which
 * @param number grows with every claim of the same clap
 * @param iteration which try it is, from 1 on
 */
record ClapSession(long clap, long number, int iteration) {

    @Override
    public String toString() {
        return "clap " + clap + ", session " + number + ", iteration " + iteration;
    }
}
