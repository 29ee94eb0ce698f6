using System.Diagnostics;
using System.Text;
using Kilde.Testing;

namespace Kilde.Kernel.Tests;

/// <summary>Our reading of person numbers against NAV's own validator, number by number.</summary>
public class NavValidatorTests
{
    private const int Numbers = 1_000_000;

    private const string Script =
        """
        import { createInterface } from 'node:readline';
        import { pathToFileURL } from 'node:url';
        const { fnr, dnr } = (await import(pathToFileURL(process.argv[1]))).default;
        const verdicts = [];
        for await (const line of createInterface({ input: process.stdin })) {
          const day = Number(line.slice(0, 2));
          verdicts.push((day > 40 ? dnr(line) : fnr(line)).status === 'valid' ? '1' : '0');
        }
        process.stdout.write(verdicts.join(''));
        """;

    [Fact]
    public async Task A_million_numbers_are_judged_as_the_validator_of_Nav_does()
    {
        var numbers = Generate(seed: 20320101).Take(Numbers).ToList();

        var verdicts = await AskNavAsync(numbers);

        verdicts.Length.ShouldBe(Numbers);
        var valid = 0;
        for (var i = 0; i < Numbers; i++)
        {
            var isValid = PersonIdentifier.TryParse(numbers[i], out var identifier);
            if (isValid) valid++;
            var isKnownToNav = isValid && !IsUnknownToNav(identifier);
            if (isKnownToNav != (verdicts[i] == '1')) Assert.Fail($"{numbers[i]}: we say {isValid}, Nav {verdicts[i]}");
        }

        valid.ShouldBeInRange(Numbers / 4, Numbers * 3 / 4);
    }

    // The differences we know of, by name: NAV's validator knows neither SyntPop's marker, month + 65, nor FH-numbers.
    private static bool IsUnknownToNav(PersonIdentifier identifier) =>
        identifier.Marker == SyntheticMarker.SyntPop65 || identifier.Kind == PersonIdentifierKind.SharedHelpNumber;

    // Half are made to hold; the other half are the same with one or two digits changed, or with a date near a border.
    private static IEnumerable<string> Generate(ulong seed)
    {
        var state = seed;
        var digits = new byte[11];
        while (true)
        {
            var (day, month, year) = (Next(32) + (Next(4) == 0 ? 40 : 0), Next(14) + (40 + (Next(3) * 20)), Next(100));
            if (Next(3) == 0) month = Next(13) + 65;
            var first = (((((day * 100L) + month) * 100) + year) * 1000) + Next(1000);
            for (var i = 8; i >= 0; i--) (first, digits[i]) = (first / 10, (byte)(first % 10));
            if (!ControlDigits.TryComplete(digits, Next(4))) continue;
            if (Next(4) == 0) digits[Next(11)] = (byte)Next(10);
            if (digits[2] < 4) continue; // only numbers with a marker, so that none can be a real person's
            yield return string.Concat(digits);
        }

        int Next(int below)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            return (int)(state % (ulong)below);
        }
    }

    private static async Task<string> AskNavAsync(List<string> numbers)
    {
        var package = Repository.At("tools", "node_modules", "@navikt", "fnrvalidator");
        Assert.SkipUnless(Directory.Exists(package), "tools/node_modules is missing: run npm ci in tools/.");
        var entry = Path.Combine(package, "dist", "validator.js");

        using var node = Process.Start(new ProcessStartInfo("node", ["--input-type=module", "--eval", Script, entry])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var answer = node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await using (var input = new StreamWriter(node.StandardInput.BaseStream, Encoding.ASCII, bufferSize: 1 << 16))
            foreach (var number in numbers) await input.WriteLineAsync(number);
        return await answer;
    }
}
