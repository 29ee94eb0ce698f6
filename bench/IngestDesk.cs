using System.Diagnostics;
using System.Globalization;
using Kilde.Audit;
using Kilde.Intake.Files;
using Kilde.Intake.Overview;
using Kilde.Intake.Senders;
using Npgsql;

namespace Kilde.Bench;

/// <summary>One file taken in.</summary>
/// <param name="Received">Until it was safe: read, packed, encrypted and stored, in this process.</param>
/// <param name="Judged">From then until its verdict, which most often comes when it is merged.</param>
/// <param name="Seconds">From safe to merged.</param>
/// <param name="Time">Processor time of server and database from safe to merged.</param>
/// <param name="Mebibytes">The most the server held.</param>
internal sealed record TakenFile(
    double Received, double Judged, double Seconds, long Bytes, MergedRows Rows, ProcessorTime Time, long Mebibytes)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Seconds:0.00} s (judged after {Judged:0.00} s), {Bytes / (Seconds * 1e6):0.0} MB/s; +{Rows.Inserted} "
        + $"~{Rows.Updated} ={Rows.Unchanged} -{Rows.Deleted} records; processor {Time.Server.TotalSeconds:0.0} s "
        + $"server, {Time.Postgres.TotalSeconds:0.0} s PostgreSQL; at most {Mebibytes} MiB in the server; "
        + $"received in {Received:0.00} s before that");
}

/// <summary>Hands files in as <c>kilde ingest</c> does, and waits until the server has merged them.</summary>
internal sealed class IngestDesk : IAsyncDisposable
{
    private static readonly TimeSpan LookEach = TimeSpan.FromMilliseconds(25);

    // The server looks for work that ended files give rise to each five seconds, and PostgreSQL for tables to vacuum
    // each ten.
    private static readonly TimeSpan StillFor = TimeSpan.FromSeconds(11);
    private static readonly TimeSpan StillMax = TimeSpan.FromSeconds(0.6);
    private static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SettleQuickly = TimeSpan.FromSeconds(3);

    private readonly BenchSite _site;
    private readonly bool _isQuick;
    private readonly ServiceProvider _services;
    private readonly NpgsqlDataSource _database;

    private IngestDesk(BenchSite site, bool isQuick)
    {
        _site = site;
        _isQuick = isQuick;
        _services = site.CreateServices();
        _database = NpgsqlDataSource.Create(site.Environment.Logins.RegisterOwner);
    }

    public static async Task<IngestDesk> OpenAsync(
        BenchSite site, CancellationToken cancellation, bool isQuick = false)
    {
        var desk = new IngestDesk(site, isQuick);
        var trust = TrustFiles.Trust;
        await desk._services.GetRequiredService<ConfigureSender>().ConfigureAsync(
            new SenderConfiguration(
                trust.Number, trust.Name, trust.Number,
                [.. trust.Institutions.Select(unit => new SubUnit(unit.Number, unit.Name))], [],
                [new Obligation("NPR_ORD", new DateOnly(2019, 1, 1)), new("NPR_IDE", new DateOnly(2019, 1, 1))]),
            new AccessGround(Actor.System("bench"), "bench"), cancellation);
        return desk;
    }

    public async Task<TakenFile> TakeAsync(string path, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        var received = await _services.GetRequiredService<ReceiveFile>()
            .ReceiveAsync(path, TrustFiles.Trust.Number, "bench", progress: null, cancellation);
        if (received is not [{ Outcome: FileOutcome.Received { SubmissionId: var id } }])
            throw new InvalidDataException($"Not received: {received[0].Outcome}");

        // As the channels of a server tell its workers.
        await using (var notify = _database.CreateCommand("notify intake_accepted"))
        {
            await notify.ExecuteNonQueryAsync(cancellation);
        }

        var (safe, before) = (Stopwatch.GetTimestamp(), await _site.ProcessorTimeAsync(cancellation));
        var memory = _site.PeakOfServer();
        await WaitAsync(id, state => state != SubmissionState.Received, cancellation);
        var judged = Stopwatch.GetTimestamp();
        var detail = await WaitAsync(id, state => state == SubmissionState.Merged, cancellation);
        var merged = Stopwatch.GetTimestamp();
        return new TakenFile(
            Stopwatch.GetElapsedTime(begun, safe).TotalSeconds, Stopwatch.GetElapsedTime(safe, judged).TotalSeconds,
            Stopwatch.GetElapsedTime(safe, merged).TotalSeconds, TrustFiles.BytesOf(path), detail.Merged!,
            await _site.ProcessorTimeAsync(cancellation) - before, memory.Mebibytes);
    }

    /// <summary>
    /// Waits until the server and PostgreSQL are at rest: what earlier files gave rise to (feedback, checks, vacuum) is
    /// no part of what the next one costs. Who is quick waits a little, and measures some of it too.
    /// </summary>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        if (_isQuick)
        {
            await Task.Delay(SettleQuickly, cancellation);
            return;
        }

        var begun = Stopwatch.GetTimestamp();
        var before = await _site.ProcessorTimeAsync(cancellation);
        while (Stopwatch.GetElapsedTime(begun) < SettleMax)
        {
            await Task.Delay(StillFor, cancellation);
            var now = await _site.ProcessorTimeAsync(cancellation);
            var spent = now - before;
            if (spent.Server + spent.Postgres < StillMax) return;
            before = now;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _services.DisposeAsync();
    }

    // Asked for by its key alone: whoever asks often what staff may see of it takes a twentieth of the machine.
    private async Task<SubmissionDetail> WaitAsync(
        Guid id, Predicate<SubmissionState> isThere, CancellationToken cancellation)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var look = new NpgsqlCommand(
            "select state from intake.submission where submission_id = $1", connection)
        {
            Parameters = { new() { Value = id } },
        };
        await look.PrepareAsync(cancellation);
        var find = _services.GetRequiredService<GetSubmission>();
        for (string? last = ""; ; await Task.Delay(LookEach, cancellation))
        {
            var state = (string?)await look.ExecuteScalarAsync(cancellation);
            if (state == last) continue;
            last = state;
            var detail = await find.FindAsync(id, cancellation);
            if (detail is null || detail.Summary.State is SubmissionState.Rejected or SubmissionState.SetAside)
                throw new InvalidDataException($"Not taken in: {detail?.Summary.State} {detail?.Findings[0].Text}");
            if (isThere(detail.Summary.State)) return detail;
        }
    }
}
