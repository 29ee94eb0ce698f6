using System.Security.Cryptography;
using System.Text;
using Kilde.Definitions.Checks;

namespace Kilde.Quality.Checks;

/// <summary>The SQL that a check becomes: one that measures, and one condition that judges what was measured.</summary>
internal sealed class CheckSql
{
    private readonly Check _check;

    private CheckSql(Check check)
    {
        _check = check;
        Kept = Corners(check);
    }

    /// <summary>True of what some setting of the limits would find; the rest is not kept.</summary>
    public string Kept { get; }

    /// <summary>Tells whether the register has been checked by the check as it stands.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        '\0', [_check.Measure, Kept, $"{_check.FirstDataYear}-{_check.LastDataYear}", .. _check.Reads.Select(Text)]))));

    public static CheckSql Of(Check check) => new(check);

    /// <summary>
    /// A query that gives <see cref="Check.MeasureColumns"/> of what is kept. Parameters: <c>firstYear</c>,
    /// <c>lastYear</c>, and what <see cref="Kept"/> needs.
    /// </summary>
    /// <param name="rowsOf">The query that gives each view's rows.</param>
    /// <param name="among">Condition on person_key, unit and data_year of the results wanted.</param>
    public string Measured(Func<RecordView, string> rowsOf, string among)
    {
        var views = _check.Reads.Select(view => $"\"{view.Name}\" as not materialized (\n{rowsOf(view)}\n)");
        return $"""
            with {string.Join(",\n", views)},
            measuring as (
            {_check.Measure}
            )
            select {OnceEach} {Subject} as subject, person_key::bigint, unit::text, data_year::integer,
              record_key::uuid, local_id::text, measured::numeric, basis::numeric, detail::text
            from measuring
            where subject is not null and unit is not null and data_year between @firstYear and @lastYear
              and ({Kept}) and ({among}){(OnceEach.Length > 0 ? $"\norder by {Subject}, data_year" : "")}
            """;
    }

    // A record may be several rows of a view, as the services of a case are, which the sender's own ids tell apart.
    private const string Subject = "concat_ws('/', subject, local_id)";

    // A record that lasts several years is in its views once for each: what is wrong with it is wrong once, from the
    // first. All of a person's records are always read together, so the first is the same in every run.
    private string OnceEach => _check.Scope == CheckScope.Person ? $"distinct on ({Subject})" : "";

    /// <summary>True of a measurement that is a finding. The limits are parameters of their own names.</summary>
    public string Found => _check.Finding;

    /// <summary>Each limit's lowest and highest setting, as <see cref="Kept"/> names them.</summary>
    public IEnumerable<(string Name, decimal Value)> Ends => _check.Limits.SelectMany(limit => new[]
    {
        ($"{limit.Name}{Low}", limit.Min), ($"{limit.Name}{High}", limit.Max),
    });

    private const string Low = "Min";
    private const string High = "Max";

    // A finding grows or shrinks with each of its limits, so what any setting finds, some corner finds.
    private static string Corners(Check check)
    {
        IEnumerable<string> corners = [check.Finding];
        foreach (var limit in check.Limits)
        {
            corners = corners.SelectMany(corner => new[] { Low, High }
                .Select(end => CheckPlaceholders.Limit.Replace(
                    corner, match => match.Groups["name"].Value == limit.Name ? match.Value + end : match.Value)));
        }

        return string.Join(" or ", corners.Select(corner => $"({corner})"));
    }

    /// <summary>What a view is made of, as text.</summary>
    internal static string Text(RecordView view) => string.Join(
        '\n',
        view.Sources.Select(source => $"{source.Table} {source.Each} {source.Where} "
                + string.Join(' ', source.Columns.Select(column => $"{column.Key}={column.Value}")))
            .Concat(view.Counting.Select(line => $"{string.Join(' ', line.Tables)} {line.From}-{line.To} "
                + $"{string.Join(' ', line.Senders)} {line.Where}")));
}
