using FsCheck;
using FsCheck.Fluent;
using Kilde.Definitions.Reading;
using Kilde.Definitions.Reading.Xml;

namespace Kilde.Definitions.Tests.Xml;

public class ReadAheadStreamTests
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>More than is read ahead, and no whole number of pieces.</summary>
    private const int ContentBytes = (20 * PieceBytes) + 4711;

    private static readonly byte[] Content = [.. Enumerable.Range(0, ContentBytes).Select(at => (byte)(at % 251))];

    // However much the content gives at a time, and however much is asked for.
    [Fact]
    public void Gives_what_it_reads() =>
        Prop.ForAll<PositiveInt, PositiveInt, bool>((given, asked, isAtOnce) =>
            {
                var inner = new SlowStream(given.Get * 977);
                using var stream = new ReadAheadStream(inner);
                var read = new List<byte>();
                if (isAtOnce) stream.Begin();
                while (Read(stream, asked.Get * 613, read))
                {
                    if (read.Count > ContentBytes / 3) stream.Begin();
                }

                return read.SequenceEqual(Content) && Read(stream, 1, read) is false;
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void Reads_only_what_is_asked_for_until_it_is_told()
    {
        var inner = new SlowStream(ContentBytes);
        using var stream = new ReadAheadStream(inner);

        Read(stream, 100, []).ShouldBeTrue();

        inner.Given.ShouldBe(100);
    }

    [Fact]
    public async Task Reads_ahead_while_nobody_asks_and_not_too_far()
    {
        var inner = new SlowStream(1000);
        await using var stream = new ReadAheadStream(inner);
        stream.Begin();

        Read(stream, 100, []).ShouldBeTrue();

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (inner.Given < 9 * PieceBytes) await Task.Delay(5, patience.Token);
        stream.Stop();
        inner.Given.ShouldBe(9 * PieceBytes);
    }

    // A fault is told where it is, after all that was read before it, and again to whoever goes on.
    [Theory]
    [InlineData(0)]
    [InlineData(PieceBytes)]
    [InlineData((3 * PieceBytes) + 17)]
    public void A_fault_comes_where_it_is(int at)
    {
        using var stream = new ReadAheadStream(new SlowStream(1000) { FaultAt = at });
        stream.Begin();
        var read = new List<byte>();

        Should.Throw<InvalidDataException>(() =>
        {
            while (Read(stream, 3000, read))
            {
            }
        }).Message.ShouldBe("no more");

        read.ShouldBe(Content.Take(at));
        Should.Throw<InvalidDataException>(() => Read(stream, 3000, read));
    }

    [Fact]
    public void Reads_nothing_after_it_is_stopped()
    {
        var inner = new SlowStream(1000);
        using var stream = new ReadAheadStream(inner);
        stream.Begin();
        Read(stream, 1, []).ShouldBeTrue();

        stream.Stop();

        var given = inner.Given;
        while (Read(stream, PieceBytes, []))
        {
        }

        inner.Given.ShouldBe(given);
        given.ShouldBeLessThan(ContentBytes);
    }

    // As when many messages are read at once, and each waits.
    [Fact]
    public async Task Waits_for_no_thread()
    {
        var tasks = Enumerable.Range(0, 4 * Environment.ProcessorCount).Select(_ => Task.Run(() =>
        {
            using var stream = new ReadAheadStream(new SlowStream(10_000));
            stream.Begin();
            var read = new List<byte>();
            while (Read(stream, 5000, read))
            {
            }

            return read.SequenceEqual(Content);
        }));

        (await Task.WhenAll(tasks)).ShouldAllBe(isSame => isSame);
    }

    private static bool Read(ReadAheadStream stream, int bytes, List<byte> to)
    {
        var buffer = new byte[bytes];
        var count = stream.Read(buffer);
        to.AddRange(buffer.AsSpan(0, count));
        return count > 0;
    }

    /// <summary>Gives some bytes at a time.</summary>
    private sealed class SlowStream(int bytesMax) : ForwardStream
    {
        private int _given;

        public int Given => Volatile.Read(ref _given);

        public int FaultAt { get; init; } = int.MaxValue;

        public override int Read(Span<byte> buffer)
        {
            if (_given >= FaultAt) throw new InvalidDataException("no more");
            var count = Math.Min(Math.Min(buffer.Length, bytesMax), Math.Min(FaultAt, ContentBytes) - _given);
            Content.AsSpan(_given, count).CopyTo(buffer);
            Volatile.Write(ref _given, _given + count);
            return count;
        }
    }
}
