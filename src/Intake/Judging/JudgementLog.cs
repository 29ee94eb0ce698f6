using System.Security.Cryptography;
using System.Text.Json;
using Kilde.Definitions.Reading;
using Kilde.Intake.Log;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Intake.Judging;

/// <summary>Keeps what messages said of themselves and held, and their contact persons under lock.</summary>
internal sealed class JudgementLog(PayloadCipher cipher)
{
    /// <summary>Contact persons kept of one message; a sender has a handful.</summary>
    private const int ContactsMax = 100;

    /// <summary>Judged again after a fault of ours, a message has one judgement: the newest.</summary>
    public async Task WriteAsync(
        NpgsqlTransaction transaction, Guid id, Verdict verdict, CancellationToken cancellation)
    {
        var judgement = verdict.Judgement;
        var contacts = judgement is { Contacts.Count: > 0 }
            ? await SealAsync(id, judgement.Contacts, cancellation)
            : null;
        await using var insert = new NpgsqlCommand(
            """
            insert into intake.judgement (
              submission_id, institution, from_on, to_on, broken_rules, contacts_data_key_id, contacts_nonce, contacts,
              identities_valid, identities_unknown, identities_duplicate, tally)
            values (@id, @institution, @from, @to, @broken_rules, @data_key, @nonce, @contacts, @valid, @unknown,
              @duplicate, @tally)
            on conflict (submission_id) do update
            set institution = excluded.institution, from_on = excluded.from_on, to_on = excluded.to_on,
              broken_rules = excluded.broken_rules, contacts_data_key_id = excluded.contacts_data_key_id,
              contacts_nonce = excluded.contacts_nonce, contacts = excluded.contacts,
              identities_valid = excluded.identities_valid, identities_unknown = excluded.identities_unknown,
              identities_duplicate = excluded.identities_duplicate, tally = excluded.tally
            """,
            transaction.Connection,
            transaction);
        insert.Parameters.Add(new NpgsqlParameter<Guid>("id", id));
        insert.Parameters.Add(new NpgsqlParameter<string?>("institution", judgement?.Institution));
        insert.Parameters.Add(new NpgsqlParameter<DateOnly?>("from", judgement?.From));
        insert.Parameters.Add(new NpgsqlParameter<DateOnly?>("to", judgement?.To));
        insert.Parameters.Add(new NpgsqlParameter("broken_rules", NpgsqlDbType.Jsonb)
        {
            Value = (object?)LogTransaction.JsonOf(verdict.BrokenRules, verdict.BrokenRules.Count) ?? DBNull.Value,
        });
        insert.Parameters.Add(new NpgsqlParameter<Guid?>("data_key", contacts?.DataKeyId));
        insert.Parameters.Add(new NpgsqlParameter<byte[]?>("nonce", contacts?.Nonce));
        insert.Parameters.Add(new NpgsqlParameter<byte[]?>("contacts", contacts?.Ciphertext));
        insert.Parameters.Add(new NpgsqlParameter<int?>("valid", judgement?.Identities?.Valid));
        insert.Parameters.Add(new NpgsqlParameter<int?>("unknown", judgement?.Identities?.Unknown));
        insert.Parameters.Add(new NpgsqlParameter<int?>("duplicate", judgement?.Identities?.Duplicates));
        insert.Parameters.Add(new NpgsqlParameter<string?>("tally", judgement?.Tally));
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<IReadOnlyList<ContactPerson>> OpenAsync(
        Guid id, SealedPayload contacts, CancellationToken cancellation)
    {
        var plain = await cipher.OpenAsync(PlaceOf(id), contacts, cancellation);
        var opened = JsonSerializer.Deserialize<List<ContactPerson>>(plain)!;
        CryptographicOperations.ZeroMemory(plain);
        return opened;
    }

    private async Task<SealedPayload> SealAsync(
        Guid id, IReadOnlyList<ContactPerson> contacts, CancellationToken cancellation)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(contacts.Take(ContactsMax));
        var packed = await cipher.SealAsync(PlaceOf(id), plain, cancellation);
        CryptographicOperations.ZeroMemory(plain);
        return packed;
    }

    private static PayloadPlace PlaceOf(Guid id) => new(id, PayloadForm.Contacts);
}
