// The same week for Timefold: same candidates, same prices, its default configuration, and an
// incremental score calculator, which its manual calls the fastest kind. Reads a text file
// written by peer.py; prints unplaced, soft, hard and processor
// seconds, and which option each item has, so that the judge can check it.
import ai.timefold.solver.core.api.domain.entity.PlanningEntity;
import ai.timefold.solver.core.api.domain.lookup.PlanningId;
import ai.timefold.solver.core.api.domain.solution.PlanningEntityCollectionProperty;
import ai.timefold.solver.core.api.domain.solution.PlanningScore;
import ai.timefold.solver.core.api.domain.solution.PlanningSolution;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeProvider;
import ai.timefold.solver.core.api.domain.variable.PlanningVariable;
import ai.timefold.solver.core.api.score.buildin.hardmediumsoftlong.HardMediumSoftLongScore;
import ai.timefold.solver.core.api.score.calculator.IncrementalScoreCalculator;
import ai.timefold.solver.core.api.solver.SolverFactory;
import ai.timefold.solver.core.config.solver.SolverConfig;
import java.io.BufferedReader;
import java.io.FileReader;
import java.io.StreamTokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

public class Peer {
    static int slots, rooms, step, dayLength, days;
    static int ownDay, ownIdle, workDay, workIdle, idleFree, under, over, missingSeat, missingAppointment;
    static int[] roomUse, personMax, workerDayMax, workerWeekMax, fair, capacity, minimum;
    static int[][] fixed, circleSlots;

    /** One way to place an item: a group, or a clinician and a start. */
    public static final class Option {
        final int target, start, price;

        Option(int target, int start, int price) {
            this.target = target;
            this.start = start;
            this.price = price;
        }
    }

    /** A seat (length 0) or an appointment. */
    @PlanningEntity
    public static class Item {
        @PlanningId
        public int id;
        public int person, length;
        public List<Option> options = new ArrayList<>();
        @PlanningVariable(allowsUnassigned = true, valueRangeProviderRefs = "options")
        public Option option;

        @ValueRangeProvider(id = "options")
        public List<Option> getOptions() {
            return options;
        }
    }

    @PlanningSolution
    public static class Plan {
        @PlanningEntityCollectionProperty
        public List<Item> items = new ArrayList<>();
        @PlanningScore
        public HardMediumSoftLongScore score;
    }

    /** The score, kept up to date change by change. */
    public static class Calculator implements IncrementalScoreCalculator<Plan, HardMediumSoftLongScore> {
        int[][] own, work;
        long[][] ownCost, workCost;
        int[] used, size, hours;
        long hard, medium, soft;

        @Override
        public void resetWorkingSolution(Plan plan) {
            own = new int[personMax.length][slots];
            work = new int[workerDayMax.length][slots];
            ownCost = new long[personMax.length][days];
            workCost = new long[workerDayMax.length][days];
            used = roomUse.clone();
            size = new int[capacity.length];
            hours = new int[workerDayMax.length];
            hard = medium = soft = 0;
            for (int w = 0; w < work.length; w++) {
                for (int t : fixed[w]) {
                    work[w][t]++;
                    hours[w]++;
                }
                for (int d = 0; d < days; d++) {
                    workCost[w][d] = dayCost(work[w], d, workDay, workIdle, idleFree);
                    soft += workCost[w][d];
                }
                soft += overload(w);
            }
            for (Item item : plan.items) {
                medium += item.length == 0 ? missingSeat : missingAppointment;
                if (item.option != null) {
                    change(item, 1);
                }
            }
        }

        @Override
        public void beforeEntityAdded(Object entity) {}

        @Override
        public void afterEntityAdded(Object entity) {}

        @Override
        public void beforeEntityRemoved(Object entity) {}

        @Override
        public void afterEntityRemoved(Object entity) {}

        @Override
        public void beforeVariableChanged(Object entity, String name) {
            Item item = (Item) entity;
            if (item.option != null) {
                change(item, -1);
            }
        }

        @Override
        public void afterVariableChanged(Object entity, String name) {
            Item item = (Item) entity;
            if (item.option != null) {
                change(item, 1);
            }
        }

        @Override
        public HardMediumSoftLongScore calculateScore() {
            return HardMediumSoftLongScore.of(-hard, -medium, -soft);
        }

        void change(Item item, int sign) {
            Option option = item.option;
            soft += sign * option.price;
            if (item.length == 0) {
                medium -= sign * missingSeat;
                int g = option.target;
                hard -= Math.max(0, size[g] - capacity[g]);
                soft -= missing(g);
                size[g] += sign;
                soft += missing(g);
                hard += Math.max(0, size[g] - capacity[g]);
                for (int t : circleSlots[g]) {
                    own(item.person, t, sign);
                }
                for (int d = 0; d < days; d++) {
                    ownDay(item.person, d);
                }
                return;
            }
            medium -= sign * missingAppointment;
            int w = option.target;
            hard -= Math.max(0, hours[w] - workerWeekMax[w]);
            soft -= overload(w);
            hours[w] += sign * item.length;
            soft += overload(w);
            hard += Math.max(0, hours[w] - workerWeekMax[w]);
            for (int t = option.start; t < option.start + item.length; t++) {
                own(item.person, t, sign);
                hard -= Math.max(0, work[w][t] - 1) + Math.max(0, used[t] - rooms);
                work[w][t] += sign;
                used[t] += sign;
                hard += Math.max(0, work[w][t] - 1) + Math.max(0, used[t] - rooms);
            }
            int day = option.start / dayLength;
            ownDay(item.person, day);
            soft -= workCost[w][day] % 1_000_000;
            hard -= workCost[w][day] / 1_000_000;
            workCost[w][day] = dayCost(work[w], day, workDay, workIdle, idleFree)
                    + 1_000_000L * Math.max(0, busy(work[w], day) - workerDayMax[w]);
            soft += workCost[w][day] % 1_000_000;
            hard += workCost[w][day] / 1_000_000;
        }

        void own(int p, int t, int sign) {
            hard -= Math.max(0, own[p][t] - 1);
            own[p][t] += sign;
            hard += Math.max(0, own[p][t] - 1);
        }

        void ownDay(int p, int day) {
            soft -= ownCost[p][day] % 1_000_000;
            hard -= ownCost[p][day] / 1_000_000;
            ownCost[p][day] = dayCost(own[p], day, ownDay, ownIdle, 0)
                    + 1_000_000L * Math.max(0, busy(own[p], day) - personMax[p]);
            soft += ownCost[p][day] % 1_000_000;
            hard += ownCost[p][day] / 1_000_000;
        }

        int missing(int g) {
            return size[g] > 0 && size[g] < minimum[g] ? under * (minimum[g] - size[g]) : 0;
        }

        int overload(int w) {
            return fair[w] >= 0 && hours[w] > fair[w] ? (hours[w] - fair[w]) / step * over : 0;
        }

        static int busy(int[] line, int day) {
            int count = 0;
            for (int t = day * dayLength; t < (day + 1) * dayLength; t++) {
                count += line[t] > 0 ? 1 : 0;
            }
            return count;
        }

        static long dayCost(int[] line, int day, int dayPrice, int idlePrice, int free) {
            int first = -1, last = -1, count = 0;
            for (int t = day * dayLength; t < (day + 1) * dayLength; t++) {
                if (line[t] > 0) {
                    first = first < 0 ? t : first;
                    last = t;
                    count++;
                }
            }
            return first < 0 ? 0 : dayPrice + Math.max(0, (last + 1 - first - count) / step - free) * idlePrice;
        }
    }

    public static void main(String[] args) throws Exception {
        Plan plan = read(args[0]);
        SolverConfig config = new SolverConfig()
                .withSolutionClass(Plan.class)
                .withEntityClasses(Item.class)
                .withTerminationSpentLimit(Duration.ofSeconds(Long.parseLong(args[1])));
        config.withScoreDirectorFactory(
                new ai.timefold.solver.core.config.score.director.ScoreDirectorFactoryConfig()
                        .withIncrementalScoreCalculatorClass(Calculator.class));
        config.setRandomSeed(1L);
        Plan best = SolverFactory.<Plan>create(config).buildSolver().solve(plan);
        var system = (com.sun.management.OperatingSystemMXBean) java.lang.management.ManagementFactory
                .getOperatingSystemMXBean();
        System.out.println("RESULT " + -best.score.mediumScore() + " " + -best.score.softScore() + " "
                + -best.score.hardScore() + " " + system.getProcessCpuTime() / 1e9);
        StringBuilder chosen = new StringBuilder("CHOSEN");
        for (Item item : best.items) {
            chosen.append(' ').append(item.option == null ? -1 : item.options.indexOf(item.option));
        }
        System.out.println(chosen);
        System.exit(0);
    }

    static StreamTokenizer in;

    static int next() throws Exception {
        in.nextToken();
        return (int) in.nval;
    }

    static int[] many(int count) throws Exception {
        int[] found = new int[count];
        for (int i = 0; i < count; i++) {
            found[i] = next();
        }
        return found;
    }

    static Plan read(String file) throws Exception {
        in = new StreamTokenizer(new BufferedReader(new FileReader(file)));
        int[] head = many(19);
        int people = head[0], workers = head[1], circles = head[2], items = head[3];
        slots = head[4];
        rooms = head[5];
        step = head[6];
        dayLength = head[7];
        days = slots / dayLength;
        ownDay = head[8];
        ownIdle = head[9];
        workDay = head[10];
        workIdle = head[11];
        idleFree = head[12];
        under = head[13];
        over = head[14];
        missingSeat = head[15];
        missingAppointment = head[16];
        roomUse = many(slots);
        personMax = many(people);
        workerDayMax = new int[workers];
        workerWeekMax = new int[workers];
        fair = new int[workers];
        fixed = new int[workers][];
        for (int w = 0; w < workers; w++) {
            workerDayMax[w] = next();
            workerWeekMax[w] = next();
            fair[w] = next();
            fixed[w] = many(next());
        }
        capacity = new int[circles];
        minimum = new int[circles];
        circleSlots = new int[circles][];
        for (int g = 0; g < circles; g++) {
            capacity[g] = next();
            minimum[g] = next();
            circleSlots[g] = many(next());
        }
        Plan plan = new Plan();
        for (int i = 0; i < items; i++) {
            Item item = new Item();
            item.id = i;
            item.person = next();
            item.length = next();
            int begin = next(), count = next();
            for (int o = 0; o < count; o++) {
                item.options.add(new Option(next(), next(), next()));
            }
            item.option = begin < 0 ? null : item.options.get(begin);
            plan.items.add(item);
        }
        return plan;
    }
}
