using Kilde.Intake.Merging;
using Kilde.Intake.Tests.Kit;
using Kilde.Platform.Workers;
using Kilde.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kilde.Intake.Tests.Merging;

public class MergeSignalTests(PostgresServer postgres)
{
    private static readonly WorkerPace OnlyWhenWoken =
        WorkerPace.Default with { IdleWait = TimeSpan.FromMilliseconds(int.MaxValue) };

    private static readonly TimeSpan HeardAfterMax = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Only_those_who_have_something_to_do_are_woken_on_every_node_and_once()
    {
        await using var databases = await postgres.NewDatabasesAsync();
        await using var one = await Node.StartAsync(databases, nodes: 1);
        await using var other = await Node.StartAsync(databases, nodes: 2);

        one.Signal.Raise(QueuedWork.InMemory);
        await other.HasLookedAsync(QueuedWork.InMemory, times: 2);
        other.Signal.Raise(QueuedWork.Streamed);
        await one.HasLookedAsync(QueuedWork.Streamed, times: 2);

        one.Looks.ShouldBe([2, 1, 2]);
        other.Looks.ShouldBe([2, 1, 2]);
    }

    /// <summary>Three workers that look when they start and when they are woken.</summary>
    private sealed class Node : IAsyncDisposable
    {
        private readonly int[] _looks = new int[3];
        private readonly SemaphoreSlim _looked = new(0);
        private readonly CancellationTokenSource _stop = new();
        private readonly List<WorkerLoop> _loops = [];
        private Task _channel = Task.CompletedTask;

        private Node(TestDatabases databases) => Signal = new(databases.Register, TimeProvider.System);

        public MergeSignal Signal { get; }

        /// <summary>In memory, unjudged, streamed.</summary>
        public IReadOnlyList<int> Looks => _looks;

        public static async Task<Node> StartAsync(TestDatabases databases, int nodes)
        {
            var node = new Node(databases);
            WorkerSignal[] signals = [node.Signal.InMemory, node.Signal.Unjudged, node.Signal.Streamed];
            for (var i = 0; i < signals.Length; i++) node._loops.Add(node.LoopOf(i, signals[i]));
            foreach (var loop in node._loops) await loop.StartAsync(TestIntake.Cancellation);
            for (var i = 0; i < signals.Length; i++) await node.HasLookedAsync((QueuedWork)(1 << i), times: 1);
            node._channel = Task.WhenAll(node.AnnounceAsync(), node.Signal.ListenAsync(node._stop.Token));
            await HearsAsync(databases, nodes);
            return node;
        }

        public async Task HasLookedAsync(QueuedWork work, int times)
        {
            using var limit = new CancellationTokenSource(HeardAfterMax);
            while (Volatile.Read(ref _looks[int.Log2((int)work)]) < times) await _looked.WaitAsync(limit.Token);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _channel.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var loop in _loops) await loop.StopAsync(CancellationToken.None);
            Signal.Dispose();
            _stop.Dispose();
            _looked.Dispose();
        }

        private static async Task HearsAsync(TestDatabases databases, int nodes)
        {
            using var limit = new CancellationTokenSource(HeardAfterMax);
            await using var listening = databases.Register.Source.CreateCommand(
                "select count(*) from pg_stat_activity where query like 'listen %' and state = 'idle'");
            while ((long)(await listening.ExecuteScalarAsync(limit.Token))! < nodes) await Task.Yield();
        }

        private async Task AnnounceAsync()
        {
            while (true) await Signal.AnnounceAsync(_stop.Token);
        }

        private WorkerLoop LoopOf(int i, WorkerSignal signal) => new(
            "test", OnlyWhenWoken, signal,
            _ =>
            {
                Interlocked.Increment(ref _looks[i]);
                _looked.Release();
                return Task.FromResult(false);
            },
            TimeProvider.System, NullLogger<WorkerLoop>.Instance);
    }
}
