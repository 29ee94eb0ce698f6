using System.Diagnostics;
using System.Security.Cryptography;
using Kilde.Intake.Slash.Client;
using Kilde.Synthetic;

namespace Kilde.Bench;

/// <summary>What became of one message that was offered.</summary>
internal readonly record struct Offer(WireAnswer Answer, TimeSpan At);

/// <summary>
/// A sender on a connection of its own that offers messages at a pace, whatever it is answered. What was taken is
/// followed by a new message, of one record and another person (as the intake benchmark's); what was turned away is
/// offered again.
/// </summary>
internal sealed class PacedSender(BenchSite site, HttpClient http, LocalSenderOf sender)
{
    // A proof lives for two minutes; what has waited this long is signed anew.
    private static readonly TimeSpan ProofAgeMax = TimeSpan.FromSeconds(60);

    /// <summary>Who sends as fast as it is answered still waits a little when it is told to come back.</summary>
    private static readonly TimeSpan PauseWhenTurnedAway = TimeSpan.FromMilliseconds(100);

    private readonly SlashClient _client = site.Connect(http, sender.Sender);
    private readonly SyntheticPerson[] _persons = [.. site.Norway.PersonsOf(sender.Sender.Unit, BenchSite.Day)];
    private byte[]? _message;
    private long _signedAt;
    private int _number;

    /// <summary>Gets a token and signs a first message, so that this is not done while time is taken.</summary>
    public async Task PrepareAsync(CancellationToken cancellation) => await NextAsync(cancellation);

    /// <param name="pause">Between offers; zero offers again as soon as there is an answer.</param>
    public async Task<List<Offer>> RunAsync(TimeSpan time, TimeSpan pause, CancellationToken cancellation)
    {
        var offers = new List<Offer>();
        using var connection = await WireConnection.OpenAsync(new Uri(site.Url), cancellation);
        var started = Stopwatch.GetTimestamp();

        // Spread over the pause, so that hundreds of senders do not offer in the same moment.
        const int Parts = 1_000;
        var next = pause * RandomNumberGenerator.GetInt32(Parts) / Parts;
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            var wait = next - Stopwatch.GetElapsedTime(started);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, cancellation);
            var message = await NextAsync(cancellation);
            var answer = await connection.SendAsync(message, cancellation);
            if (answer.Status == WireAnswer.Taken) _message = null;
            else if (answer.Status != WireAnswer.TooMany)
                throw new InvalidOperationException($"Refused with {answer.Status}: {answer.Text}");

            offers.Add(new Offer(answer, Stopwatch.GetElapsedTime(started)));
            if (pause > TimeSpan.Zero) next += pause;
            else if (answer.Status == WireAnswer.TooMany)
                next = Stopwatch.GetElapsedTime(started) + PauseWhenTurnedAway;
        }

        return offers;
    }

    private async ValueTask<byte[]> NextAsync(CancellationToken cancellation)
    {
        if (_message is not null && Stopwatch.GetElapsedTime(_signedAt) < ProofAgeMax) return _message;
        var person = _persons[_number % _persons.Length];
        var json = BenchMessage.Write(
            sender.Sender.Unit, [person], $"{sender.Label}-{_number++}", BenchSite.Day, records: 1);
        using var request = await _client.PrepareAsync(
            "message", new OutgoingMessage("HST_Konsultasjon", "1", json, BenchSite.Day), cancellation);
        _signedAt = Stopwatch.GetTimestamp();
        return _message = await WireRequest.OfAsync(request, cancellation);
    }
}

/// <summary>A sender, and a label that no other connection's messages carry.</summary>
internal sealed record LocalSenderOf(Kilde.Host.Up.LocalSender Sender, string Label);
