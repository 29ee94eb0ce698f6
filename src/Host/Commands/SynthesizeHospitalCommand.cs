using System.CommandLine;
using Kilde.Synthetic;

namespace Kilde.Host.Commands;

/// <summary>Writes a hospital trust's year as the files it sends to NPR.</summary>
internal static class SynthesizeHospitalCommand
{
    /// <summary>The year that version 53.1.3 is for.</summary>
    private const int UsualYear = 2019;

    public static Command Create()
    {
        var trust = new Option<string?>("--trust")
        {
            Description = "Name of the trust, or a part that only one has. The largest when left out.",
        };
        var size = new Option<FileSize?>("--size")
        {
            Description = "About how large the year's activity file is, such as 120MB; all the people when left out.",
            CustomParser = FileSize.Parse,
        };
        var changed = new Option<Share>("--changed")
        {
            Description = "A resend of the same day in which this share of the episodes differ, such as 2%.",
            CustomParser = Share.Parse,
        };
        var only = new Option<TrustFileKind[]>("--only")
        {
            Description = "Only these files: Activity, Identity, Cost, Pathway.",
            AllowMultipleArgumentsPerToken = true,
        };
        var files = new FileOptions(UsualYear);
        var command = files.AddTo(new Command("hospital", """
            Writes a hospital trust's year: activity, identity, cost and pathways, each in one message for all of it.

            Examples:
              kilde synthesize hospital --trust Rogaland --size 20MB --out rogaland/
              kilde synthesize hospital --size 1GB --as-of 2019-04-30 --only Activity Identity --out april/
              kilde synthesize hospital --trust Troms --size 5MB --changed 2% --out again/
              kilde synthesize hospital --trust Troms --size 5MB --errors 1% --encoding Latin1 --wrap --out wrong/
              kilde synthesize hospital --size 5MB --errors 2% --error ReversedTimes TotalDiffers --out wrong/
            """)
        { trust, size, changed, only });
        command.SetAction((call, cancellation) =>
        {
            if (TrustOf(call.GetValue(trust)) is not { } found) return Task.FromResult(ExitCodes.WrongCall);
            var order = new TrustYearOrder
            {
                Trust = found,
                AsOf = files.DayOf(call),
                Seed = call.GetValue(files.Seed),
                ChangedShare = call.GetValue(changed).Value,
                Faults = files.FaultsOf(call),
                Encoding = call.GetValue(files.Encoding),
                IsWrapped = call.GetValue(files.Wrap),
            };
            if (Sized(order, call.GetValue(size)) is not { } sized) return Task.FromResult(ExitCodes.WrongCall);
            var kinds = call.GetValue(only) is { Length: > 0 } chosen ? chosen.Distinct() : TrustYear.Kinds;
            return files.WriteAsync(
                call, found.Name,
                (open, progress) => Write(sized, [.. kinds], open, progress, cancellation), cancellation);
        });
        return command;
    }

    private static IReadOnlyList<SeededFault> Write(
        TrustYearOrder order, IReadOnlyList<TrustFileKind> kinds, Func<string, Stream> open,
        IProgress<double> progress, CancellationToken cancellation)
    {
        var streams = kinds.ToDictionary(kind => kind, kind => open(TrustYear.FileName(order, kind)));
        try
        {
            return TrustYear.Write(order, streams, progress, cancellation);
        }
        finally
        {
            foreach (var stream in streams.Values) stream.Dispose();
        }
    }

    private static HospitalTrust? TrustOf(string? name)
    {
        var found = name is null ? TrustDirectory.Largest : TrustDirectory.Find(name);
        if (found is null)
        {
            Console.Error.WriteLine(
                $"There is no one trust named {name}. The trusts: "
                + string.Join(", ", TrustDirectory.All.Select(trust => trust.Name)) + ".");
        }

        return found;
    }

    private static TrustYearOrder? Sized(TrustYearOrder order, FileSize? size)
    {
        if (size is not { } wanted) return order;
        var share = TrustYear.ShareFor(order, wanted.Bytes);
        if (share <= 1) return order with { Share = share };
        var most = new FileSize((long)(wanted.Bytes / share));
        Console.Error.WriteLine(
            $"{order.Trust.Name} has people for {most} at most. Leave out --trust to take the largest.");
        return null;
    }
}
