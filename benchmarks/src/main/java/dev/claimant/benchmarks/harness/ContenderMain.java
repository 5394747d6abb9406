package dev.claimant.benchmarks.harness;

import java.nio.file.Path;

/** The process of one contender: works, says what it has come to, and waits for the harness to look at it. */
final class ContenderMain {

    private ContenderMain() {}

    /** Arguments: the program's class, slots, a handler's milliseconds, how many messages, where to write the record. */
    public static void main(String[] args) throws Exception {
        Program program = Class.forName(args[0])
                .asSubclass(Program.class)
                .getConstructor()
                .newInstance();
        Duty duty = new Duty(Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        AutoCloseable working = program.start(duty);
        duty.await();
        working.close();
        duty.write(Path.of(args[4]));
        System.out.println(Child.DONE + duty.doubled());
        System.in.read();
        System.exit(0);
    }
}
