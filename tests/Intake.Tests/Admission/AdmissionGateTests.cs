using Kilde.Intake.Admission;
using Kilde.Testing;

namespace Kilde.Intake.Tests.Admission;

public class AdmissionGateTests
{
    private const long MebiBytes = 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FixedClock _clock = new(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sender_that_is_alone_may_have_every_place()
    {
        var gate = NewGate(places: 8);

        for (var i = 0; i < 8; i++) (await EnterAsync(gate, "a")).ShouldBeOfType<GateAnswer.Admitted>();

        Enter(gate, "a").IsCompleted.ShouldBeFalse();
        gate.Inside.ShouldBe(8);
    }

    [Fact]
    public async Task Free_places_go_round_the_senders_that_wait()
    {
        var gate = NewGate(places: 1);
        var first = (GateAnswer.Admitted)await EnterAsync(gate, "flood");
        var flood = Enumerable.Range(0, 20).Select(_ => Enter(gate, "flood")).ToArray();
        var other = Enter(gate, "other");

        first.Place.Dispose();
        ((GateAnswer.Admitted)await flood[0].WaitAsync(Patience, Cancellation)).Place.Dispose();

        await other.WaitAsync(Patience, Cancellation);
        flood.Count(turn => turn.IsCompleted).ShouldBe(1);
    }

    [Fact]
    public async Task Who_waits_for_its_sender_gives_its_place_to_others_and_goes_on_at_once()
    {
        var gate = NewGate(places: 1);
        var slow = ((GateAnswer.Admitted)await EnterAsync(gate, "slow")).Place;
        var other = Enter(gate, "other");

        slow.TryStepAside().ShouldBeTrue();

        var place = ((GateAnswer.Admitted)await other.WaitAsync(Patience, Cancellation)).Place;
        (gate.Inside, gate.Aside).ShouldBe((1, 1));
        slow.StepBack();
        (gate.Inside, gate.Aside).ShouldBe((2, 0));
        Enter(gate, "third").IsCompleted.ShouldBeFalse();
        slow.Dispose();
        place.Dispose();
        (gate.Inside, gate.Aside).ShouldBe((1, 0));
    }

    [Fact]
    public async Task A_sender_has_eight_aside_and_all_of_them_together_bounded_bytes()
    {
        var gate = NewGate(places: 64);
        var slow = new List<GatePlace>();
        for (var i = 0; i < 9; i++) slow.Add(((GateAnswer.Admitted)await EnterAsync(gate, "slow")).Place);

        slow.Count(place => place.TryStepAside()).ShouldBe(8);
        foreach (var place in slow) place.Dispose();
        (gate.Inside, gate.Aside).ShouldBe((0, 0));

        var large = 0;
        for (var i = 0; i < 20; i++)
        {
            var answer = await gate.EnterAsync($"large-{i}", 20 * MebiBytes, Cancellation);
            if (((GateAnswer.Admitted)answer).Place.TryStepAside()) large++;
            else break;
        }

        large.ShouldBe(128 / 20);
    }

    [Fact]
    public async Task A_flooding_sender_leaves_places_free_while_others_are_there()
    {
        var gate = NewGate(places: 16);
        ((GateAnswer.Admitted)await EnterAsync(gate, "other")).Place.Dispose();

        var flood = Enumerable.Range(0, 30).Select(_ => Enter(gate, "flood")).ToArray();

        flood.Count(turn => turn.IsCompleted).ShouldBe(2);
        Enter(gate, "other").IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Who_is_turned_away_more_than_answered_has_one_place_until_it_calms_down()
    {
        var gate = NewGate(places: 16, waiting: 64, waitingPerSender: 4);
        ((GateAnswer.Admitted)await EnterAsync(gate, "other")).Place.Dispose();
        var flood = Enumerable.Range(0, 30).Select(_ => Enter(gate, "flood")).ToArray();
        _clock.Advance(TimeSpan.FromSeconds(1.5));
        Enter(gate, "other").IsCompleted.ShouldBeTrue();
        Enter(gate, "flood").IsCompleted.ShouldBeTrue();

        await LeaveAsync(flood[0]);
        gate.Inside.ShouldBe(2);
        await LeaveAsync(flood[1]);
        await flood[2].WaitAsync(Patience, Cancellation);
        gate.Inside.ShouldBe(2);

        _clock.Advance(TimeSpan.FromSeconds(1.5));
        Enter(gate, "flood").IsCompleted.ShouldBeFalse();
        Enter(gate, "flood").IsCompleted.ShouldBeFalse();
        await flood[3].WaitAsync(Patience, Cancellation);
        gate.Inside.ShouldBe(3);

        static async Task LeaveAsync(Task<GateAnswer> turn) =>
            ((GateAnswer.Admitted)await turn.WaitAsync(Patience, Cancellation)).Place.Dispose();
    }

    [Fact]
    public async Task Where_all_flood_all_keep_their_places()
    {
        var gate = NewGate(places: 24, waiting: 64, waitingPerSender: 4);
        string[] senders = ["a", "b"];
        foreach (var sender in Enumerable.Repeat(senders, 30).SelectMany(each => each)) _ = Enter(gate, sender);
        gate.Inside.ShouldBe(4);
        _clock.Advance(TimeSpan.FromSeconds(1.5));

        foreach (var sender in senders) (await EnterAsync(gate, sender)).ShouldBeOfType<GateAnswer.Refused>();

        gate.Inside.ShouldBe(4);
    }

    [Fact]
    public async Task When_the_others_have_gone_the_places_are_free_for_one_again()
    {
        var gate = NewGate(places: 16);
        ((GateAnswer.Admitted)await EnterAsync(gate, "other")).Place.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(10));

        var flood = Enumerable.Range(0, 30).Select(_ => Enter(gate, "flood")).ToArray();

        flood.Count(turn => turn.IsCompleted).ShouldBe(16);
    }

    [Fact]
    public async Task Beyond_its_limits_the_gate_turns_away_at_once_and_says_when_to_come_back()
    {
        var gate = NewGate(places: 1, waiting: 10, waitingPerSender: 4);
        await EnterAsync(gate, "flood");

        var answers = Enumerable.Range(0, 100).Select(_ => Enter(gate, "flood")).ToArray();

        answers.Count(answer => !answer.IsCompleted).ShouldBe(4);
        var refused = answers.Where(answer => answer.IsCompleted).Select(answer => answer.Result).ToArray();
        refused.ShouldAllBe(answer => ((GateAnswer.Refused)answer).RetryAfterSeconds >= 1);
        refused.ShouldAllBe(answer => ((GateAnswer.Refused)answer).RetryAfterSeconds <= 30);
        Enter(gate, "other").IsCompleted.ShouldBeFalse();
        gate.Waiting.ShouldBe(5);
    }

    [Fact]
    public async Task Bytes_are_bounded_and_a_small_message_passes_a_large_one_that_does_not_fit()
    {
        var gate = NewGate(places: 8, mebibytes: 32);
        var large = (GateAnswer.Admitted)await EnterAsync(gate, "a", 20 * MebiBytes);

        var next = Enter(gate, "b", 20 * MebiBytes);
        var small = Enter(gate, "c", 2 * MebiBytes);

        next.IsCompleted.ShouldBeFalse();
        small.IsCompleted.ShouldBeTrue();
        large.Place.Dispose();
        await next.WaitAsync(Patience, Cancellation);
    }

    [Fact]
    public async Task An_undeclared_length_counts_as_the_largest()
    {
        var gate = NewGate(places: 8, mebibytes: 32);

        await EnterAsync(gate, "a", bytes: null);

        Enter(gate, "b", bytes: null).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_its_turn_to_the_next()
    {
        var gate = NewGate(places: 1);
        var first = (GateAnswer.Admitted)await EnterAsync(gate, "a");
        using var impatience = new CancellationTokenSource();
        var impatient = gate.EnterAsync("b", 1, impatience.Token).AsTask();
        var patient = Enter(gate, "b");

        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => impatient);
        first.Place.Dispose();

        await patient.WaitAsync(Patience, Cancellation);
        gate.Inside.ShouldBe(1);
        gate.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task A_place_is_left_once_however_often_it_is_disposed()
    {
        var gate = NewGate(places: 2);
        var place = ((GateAnswer.Admitted)await EnterAsync(gate, "a")).Place;

        place.Dispose();
        place.Dispose();

        gate.Inside.ShouldBe(0);
    }

    [Fact]
    public async Task No_more_wait_than_get_their_turn_in_time()
    {
        var gate = NewGate(places: 4, waiting: 1_000, waitingPerSender: 1_000, stayMilliseconds: 250);
        for (var i = 0; i < 4; i++) await EnterAsync(gate, "a");

        var answers = Enumerable.Range(0, 100).Select(_ => Enter(gate, "a")).ToArray();

        // A hundred are answered a second until something else has been seen: 25 may stay, and four are at work.
        answers.Count(answer => !answer.IsCompleted).ShouldBe(21);
    }

    [Theory]
    [InlineData(70, 21)]
    [InlineData(180, 11)]
    public async Task In_an_overload_that_stands_fewer_stay(int offered, int expected)
    {
        var gate = NewGate(
            places: 4, waiting: 1_000, waitingPerSender: 1_000, stayMilliseconds: 250, overloadedStayMilliseconds: 150);
        for (var i = 0; i < 100; i++) ((GateAnswer.Admitted)await EnterAsync(gate, "a")).Place.Dispose();
        var inside = new List<Task<GateAnswer>>();
        for (var i = 0; i < offered; i++) inside.Add(Enter(gate, "a"));
        gate.Waiting.ShouldBe(21);

        // A hundred were answered in this second, and more than half as many turned away, or fewer.
        _clock.Advance(TimeSpan.FromSeconds(1));
        Enter(gate, "a").IsCompleted.ShouldBeTrue();
        for (var i = 0; i < 15; i++) (await AdmittedAsync(inside[i])).Dispose();
        gate.Waiting.ShouldBe(6);
        for (var i = 0; i < 100; i++) _ = Enter(gate, "a");

        gate.Waiting.ShouldBe(expected);
    }

    [Fact]
    public async Task In_an_overload_that_stands_fewer_are_at_work()
    {
        var gate = NewGate(places: 4, overloadedPlaces: 2, waiting: 2);
        var inside = new List<GatePlace>();
        for (var i = 0; i < 4; i++) inside.Add(await AdmittedAsync(Enter(gate, "a")));
        for (var i = 0; i < 10; i++) _ = Enter(gate, "a");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Enter(gate, "a").IsCompleted.ShouldBeTrue();

        inside.ForEach(place => place.Dispose());

        gate.Inside.ShouldBe(2);
        Enter(gate, "a").IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task When_very_many_come_at_once_those_there_is_no_time_for_are_turned_away_at_once()
    {
        var gate = NewGate(places: 4, overloadedPlaces: 2, waiting: 50, overloadedStayMilliseconds: 100);
        var inside = new List<GatePlace>();
        for (var i = 0; i < 4; i++) inside.Add(await AdmittedAsync(Enter(gate, "a")));
        var waiting = Enumerable.Range(0, 50).Select(_ => Enter(gate, "a")).ToArray();
        for (var i = 0; i < 50; i++) _ = Enter(gate, "a");
        gate.Waiting.ShouldBe(50);
        _ = Enter(gate, "a");

        // A hundred are answered a second: ten may stay a tenth of one, but never are fewer than eight let to wait.
        gate.Waiting.ShouldBe(8);
        (await Task.WhenAll(waiting[8..])).ShouldAllBe(answer => answer is GateAnswer.Refused);
        inside.ForEach(place => place.Dispose());
        (await AdmittedAsync(waiting[0])).Dispose();
        gate.Inside.ShouldBe(2);
    }

    [Fact]
    public async Task A_flood_that_fills_the_waiting_room_gives_way_to_another_sender()
    {
        var gate = NewGate(places: 1, waiting: 10);
        await EnterAsync(gate, "flood");
        var flood = Enumerable.Range(0, 10).Select(_ => Enter(gate, "flood")).ToArray();

        var other = Enter(gate, "other");

        other.IsCompleted.ShouldBeFalse();
        (await flood[^1].WaitAsync(Patience, Cancellation)).ShouldBeOfType<GateAnswer.Refused>();
        flood.Count(turn => turn.IsCompleted).ShouldBe(1);
        gate.Waiting.ShouldBe(10);
    }

    [Fact]
    public async Task However_much_one_sends_another_gets_every_second_place()
    {
        var gate = NewGate(places: 1, waiting: 20);
        var place = ((GateAnswer.Admitted)await EnterAsync(gate, "flood")).Place;
        var turns = new List<Task<GateAnswer>>();
        for (var message = 0; message < 25; message++)
        {
            turns.AddRange(Enumerable.Range(0, 100).Select(_ => Enter(gate, "flood")));
            var other = Enter(gate, "other");
            turns.Add(other);

            var freed = 0;
            do
            {
                place.Dispose();
                place = await NextPlaceAsync(turns);
                freed++;
            }
            while (!other.IsCompleted && freed < 2);

            (await other.WaitAsync(Patience, Cancellation)).ShouldBeOfType<GateAnswer.Admitted>();
        }
    }

    [Fact]
    public async Task Under_load_from_many_threads_no_place_is_lost_or_given_twice()
    {
        var gate = NewGate(places: 5, waiting: 100, waitingPerSender: 20);
        var (inside, most) = (0, 0);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(sender => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(i % 7));
                try
                {
                    if (await gate.EnterAsync($"s{sender % 4}", 1,
                        impatience.Token) is not GateAnswer.Admitted admitted)
                        continue;
                    using var place = admitted.Place;
                    InterlockedMax(ref most, Interlocked.Increment(ref inside));
                    await Task.Yield();
                    Interlocked.Decrement(ref inside);
                }
                catch (OperationCanceledException)
                {
                    // Gave up waiting.
                }
            }
        }, Cancellation)));

        most.ShouldBeLessThanOrEqualTo(5);
        gate.Inside.ShouldBe(0);
        gate.Waiting.ShouldBe(0);
    }

    private AdmissionGate NewGate(
        int places, int waiting = 100, int waitingPerSender = 50, int mebibytes = 128, int stayMilliseconds = 60_000,
        int overloadedStayMilliseconds = 60_000, int overloadedPlaces = 10_000)
        => new(
        Microsoft.Extensions.Options.Options.Create(new IntakeOptions
        {
            AdmittedMessagesMax = places,
            WaitingMessagesMax = waiting,
            WaitingMessagesPerSenderMax = waitingPerSender,
            AdmittedMebibytesMax = mebibytes,
            StayMillisecondsMax = stayMilliseconds,
            OverloadedStayMillisecondsMax = overloadedStayMilliseconds,
            OverloadedAdmittedMessagesMax = overloadedPlaces,
        }),
        _clock);

    /// <summary>Whoever is let in next; those who are turned away meanwhile are passed over.</summary>
    private static async Task<GatePlace> NextPlaceAsync(List<Task<GateAnswer>> turns)
    {
        while (true)
        {
            var answered = await Task.WhenAny(turns).WaitAsync(Patience, Cancellation);
            turns.Remove(answered);
            if (await answered is GateAnswer.Admitted admitted) return admitted.Place;
        }
    }

    private static async Task<GatePlace> AdmittedAsync(Task<GateAnswer> turn) =>
        ((GateAnswer.Admitted)await turn.WaitAsync(Patience, Cancellation)).Place;

    private static Task<GateAnswer> EnterAsync(AdmissionGate gate, string sender, long? bytes = 1000) =>
        Enter(gate, sender, bytes);

    private static Task<GateAnswer> Enter(AdmissionGate gate, string sender, long? bytes = 1000) =>
        gate.EnterAsync(sender, bytes, Cancellation).AsTask();

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = most; value > seen; seen = most) Interlocked.CompareExchange(ref most, value, seen);
    }
}
